import type { ErrorClass } from '../model/ErrorClass.js';
import { read } from './read.js';

/** The failing HTTP status (400 to 599) that an error carries itself: where fetch wrappers, axios, got and the AWS SDK put it. */
export function statusOf(error: unknown): number | undefined {
  const response = read(error, 'response');
  return (
    failing(read(error, 'status')) ??
    failing(read(error, 'statusCode')) ??
    failing(read(response, 'status')) ??
    failing(read(response, 'statusCode')) ??
    failing(read(read(error, '$metadata'), 'httpStatusCode'))
  );
}

function failing(status: unknown): number | undefined {
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
}

const CLASSES: Readonly<Record<number, ErrorClass>> = {
  401: 'AUTH',
  403: 'PERMISSION',
  408: 'TRANSIENT',
  409: 'CONCURRENCY',
  425: 'TRANSIENT',
  429: 'RATE_LIMIT',
};

/** The class of a failing HTTP status. */
export function classOfStatus(status: number): ErrorClass {
  return CLASSES[status] ?? (status >= 500 ? 'SERVER_ERROR' : 'PERMANENT');
}
