import { ErrorClass } from '../model/ErrorClass.js';
import { brandOf, isRefusal } from '../model/errors/instanceOf.js';
import { causesOf, errorsOf, MOST_CAUSES, reasonsOf } from './causesOf.js';
import { classifyStructure } from './classifyStructure.js';
import { meansNoConnection } from './codes.js';
import { factsOf } from './ErrorFacts.js';
import { read } from './read.js';
import { statusOf } from './statusOf.js';

/** System calls that come before anything is sent. */
const NOTHING_SENT = /^(connect|getaddrinfo|query\w+)$/;

/**
 * Whether a failure proves that the request was not processed, so that even a call that is not idempotent may be made again: no connection
 * came about (refused, DNS, connect timeout, anything that failed in the system calls `connect` or `getaddrinfo`), its client says that nothing was done, the other side turned it away unread (429,
 * 425, or whatever was classified as RATE_LIMIT), or a gate of ours refused it. A connection that broke, a timeout, a 503 or a 409 prove
 * nothing. Of several errors in one AggregateError each must prove it. Never throws.
 */
export function provesNotProcessed(error: unknown, errorClass: ErrorClass): boolean {
  if (errorClass === ErrorClass.RATE_LIMIT && ![...causesOf(error)].some((cause) => errorsOf(cause).length > 0)) return true;
  const open = new Set([error]);
  for (const each of open) {
    const proof = proofOf(each);
    if (proof === true) continue;
    const before = open.size;
    if (proof === undefined) for (const next of reasonsOf(each)) open.add(next);
    if (open.size === before || open.size > MOST_CAUSES) return false;
  }
  return true;
}

/** Whether an error alone proves it; undefined when only what it was caused by can tell. */
function proofOf(error: unknown): boolean | undefined {
  const brand = brandOf(error);
  // A refusal in the middle of an inner policy's retries: the attempts before it may have done their work.
  if (isRefusal(error)) return read(error, 'cause') === undefined;
  const status = statusOf(error);
  if (status !== undefined) return status === 429 || status === 425;
  if (brand !== undefined) return brand === 'RateLimitError';
  if (errorsOf(error).length > 0) return undefined;
  if (typeof error === 'object' && error !== null && classifyStructure(factsOf(error))?.unprocessed) return true;
  const code = read(error, 'code');
  return typeof code === 'string' ? meansNoConnection(code) || NOTHING_SENT.test(textOf(read(error, 'syscall'))) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
