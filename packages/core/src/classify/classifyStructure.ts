import type { Classification } from '../model/Classification.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { classOfCode } from './codes.js';
import type { ErrorFacts } from './ErrorChain.js';
import { read } from './read.js';
import { retryAfterMsOf } from './retryAfterMsOf.js';
import { classOfStatus, statusOf } from './statusOf.js';

/** What an error says of itself, its causes left aside: by our own classes, as a timeout, by status, by code. */
export function classifyStructure({ error, brand, name, status, code }: ErrorFacts): Classification | undefined {
  // Markers, our timeouts, and what a policy inside the function rejects with say their class themselves.
  const own = brand === undefined ? undefined : read(error, 'errorClass');
  if (isErrorClass(own)) return classification(own, waitOf(error));
  // The name that the DOM standard gives it; got, p-timeout and most others took it over.
  if (name === 'TimeoutError') return classification('TRANSIENT');
  if (status !== undefined) return byStatus(error, status);
  const byCode = typeof code === 'string' ? classOfCode(code) : undefined;
  return byCode && classification(byCode);
}

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === 'string' && Object.hasOwn(ErrorClass, value);
}

/**
 * What one of our own errors asks to wait. A half-open circuit refuses while its probe runs, and says how long that may take at the most:
 * mostly it is over much sooner, so whoever retries outside is not held to it.
 */
function waitOf(error: unknown): unknown {
  return read(error, 'state') === 'half_open' ? undefined : read(error, 'retryAfterMs');
}

/** What an error or a response says by its own HTTP status, with the Retry-After of a 429 or 503. */
export function classifyStatus(failure: unknown): Classification | undefined {
  const status = statusOf(failure);
  return status === undefined ? undefined : byStatus(failure, status);
}

function byStatus(failure: unknown, status: number): Classification {
  return classification(classOfStatus(status), status === 429 || status === 503 ? retryAfterMsOf(failure) : undefined);
}

function classification(errorClass: ErrorClass, retryAfterMs?: unknown): Classification {
  // A circuit that is forced open says Infinity: nothing to wait for.
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 && retryAfterMs < Infinity ? { errorClass, retryAfterMs } : { errorClass };
}
