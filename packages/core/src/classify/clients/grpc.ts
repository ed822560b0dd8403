import type { ErrorClass } from '../../model/ErrorClass.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import type { Meaning } from './Client.js';

/** Status codes by number (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const CODES: readonly (readonly [string, ErrorClass])[] = [
  ['OK', 'UNKNOWN'],
  ['CANCELLED', 'UNKNOWN'],
  ['UNKNOWN', 'UNKNOWN'],
  ['INVALID_ARGUMENT', 'PERMANENT'],
  ['DEADLINE_EXCEEDED', 'TRANSIENT'],
  ['NOT_FOUND', 'PERMANENT'],
  ['ALREADY_EXISTS', 'PERMANENT'],
  ['PERMISSION_DENIED', 'PERMISSION'],
  ['RESOURCE_EXHAUSTED', 'RATE_LIMIT'],
  ['FAILED_PRECONDITION', 'PERMANENT'],
  ['ABORTED', 'CONCURRENCY'],
  ['OUT_OF_RANGE', 'PERMANENT'],
  ['UNIMPLEMENTED', 'PERMANENT'],
  ['INTERNAL', 'SERVER_ERROR'],
  ['UNAVAILABLE', 'TRANSIENT'],
  ['DATA_LOSS', 'SERVER_ERROR'],
  ['UNAUTHENTICATED', 'AUTH'],
];

/** grpc-js tells so, with the code of a limit of the other side's, of a message that is too large for one of the two (1.14: src/). */
const TOO_LARGE = /(message|header|frame).*(larger|too large|exceed)|larger than max/i;

/** Of a channel that never had a connection (grpc-js: src/picker.ts, src/resolver-dns.ts, src/load-balancer-pick-first.ts). */
const NO_CONNECTION = /^(No connection established|Name resolution failed|No addresses? resolved|Resolver for)/i;

/** grpc-js and what is built on it, nice-grpc and connect: a number beside `details` or `metadata`. */
export function grpc({ error, code }: ErrorFacts): Meaning | undefined {
  if (typeof code !== 'number' || code === 0) return undefined;
  const details = read(error, 'details');
  const metadata = read(error, 'metadata');
  if (typeof details !== 'string' && (typeof metadata !== 'object' || metadata === null)) return undefined;
  const known = CODES[code];
  if (known === undefined) return undefined;
  const [type, errorClass] = known;
  const text = typeof details === 'string' ? details : read(error, 'rawMessage');
  if (type === 'RESOURCE_EXHAUSTED' && typeof text === 'string' && TOO_LARGE.test(text)) return { errorClass: 'PERMANENT', type };
  const unprocessed = type === 'UNAVAILABLE' && typeof text === 'string' && NO_CONNECTION.test(text);
  return { errorClass, type, retryAfterMs: pushbackOf(metadata), unprocessed: unprocessed || undefined };
}

/** `grpc-retry-pushback-ms`, by which a server says when to come back (gRFC A6). */
function pushbackOf(metadata: unknown): number | undefined {
  try {
    const { get } = metadata as { readonly get?: unknown };
    if (typeof get !== 'function') return undefined;
    const value: unknown = get.call(metadata, 'grpc-retry-pushback-ms');
    const [first] = Array.isArray(value) ? value : [value];
    return typeof first === 'string' && /^\d+$/.test(first) ? Number(first) : undefined;
  } catch {
    return undefined;
  }
}
