import type { ErrorClass } from '../model/ErrorClass.js';
import { read } from './read.js';

/** The failing HTTP status (400 to 599) that an error carries itself: where fetch wrappers, axios, got and the AWS SDK put it. */
export function statusOf(error: unknown): number | undefined {
  const response = read(error, 'response');
  const own = read(error, 'status');
  if (own === 500 && response === undefined && isUnanswered(error)) return undefined;
  return (
    failing(own) ??
    failing(read(error, 'statusCode')) ??
    failing(read(response, 'status')) ??
    failing(read(response, 'statusCode')) ??
    failing(read(read(error, '$metadata'), 'httpStatusCode'))
  );
}

/** Octokit gives 500 to what got no answer, and to what its caller ended. */
function isUnanswered(error: unknown): boolean {
  const name = nameText(error);
  return name === 'AbortError' || name === 'TimeoutError' || (name === 'HttpError' && typeof read(error, 'cause') === 'object');
}

/** The status of 300 to 399 that was thrown for: of throwIfNotOk, axios, got and Octokit, which have no other use for one. */
export function redirectOf(error: unknown, brand: unknown): number | undefined {
  if (brand !== 'HttpResponseError' && read(error, 'isAxiosError') !== true && !/^HTTPError$/i.test(nameText(error))) return undefined;
  const response = read(error, 'response');
  const told = [read(error, 'status'), read(response, 'status'), read(response, 'statusCode')];
  return told.find((status): status is number => typeof status === 'number' && status >= 300 && status < 400);
}

function nameText(error: unknown): string {
  const name = read(error, 'name');
  return typeof name === 'string' ? name : '';
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
