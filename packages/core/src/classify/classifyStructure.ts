import type { Classification } from '../model/Classification.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { classification } from './classification.js';
import { CLIENTS } from './clients/index.js';
import { classOfCode } from './codes.js';
import type { ErrorFacts } from './ErrorFacts.js';
import type { Judgement } from './Judgement.js';
import { judgementBy } from './judgementBy.js';
import { limitsOf } from './limitsOf.js';
import { has, read } from './read.js';
import { classOfStatus, redirectOf, statusOf } from './statusOf.js';

/** One of our own errors whose class is no name: it said something, which may have been that it must not be retried. */
const UNREADABLE: Judgement = /* @__PURE__ */ Object.freeze(judgement(classification('UNKNOWN', undefined, false), undefined));

/** What an error says of itself, its causes left aside: by our own classes, as a timeout, by its client, by status, by code. */
export function classifyStructure(facts: ErrorFacts): Judgement | undefined {
  const { error, brand, name, status, code } = facts;
  // Markers, our timeouts, and what a policy inside the function rejects with say their class themselves.
  const own = brand === undefined ? undefined : read(error, 'errorClass');
  if (isErrorClass(own)) return judgement(classification(own, waitOf(error)), status === undefined ? name : String(status));
  if (brand !== undefined && typeof own !== 'string' && has(error, 'errorClass')) return UNREADABLE;
  // The name that the DOM standard gives it; got, p-timeout and most others took it over. The AWS SDK calls a reset so, too.
  if (name === 'TimeoutError') return judgement(classification('TRANSIENT'), code === 'ECONNRESET' || code === 'EPIPE' ? code : name);
  const byClient = brand === undefined ? judgementBy(CLIENTS, facts) : undefined;
  if (byClient !== undefined) return byClient;
  if (status !== undefined) return judgement(byStatus(error, status), String(status));
  const byCode = typeof code === 'string' ? classOfCode(code, read(error, 'syscall')) : undefined;
  if (byCode !== undefined) return judgement(classification(byCode), String(code));
  // An answer that leads elsewhere, or says that nothing is new, says the same when it is asked again.
  const redirect = redirectOf(error, brand);
  return redirect === undefined ? undefined : judgement(classification('PERMANENT'), String(redirect));
}

function judgement(classification: Classification, type: string | undefined): Judgement {
  return { classification, type, unprocessed: undefined };
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

/** What an error or a response says by its own HTTP status, with the wait it asks for. */
export function classifyStatus(failure: unknown): Classification | undefined {
  const status = statusOf(failure);
  return status === undefined ? undefined : byStatus(failure, status);
}

/** How some say that it was too much: GitHub with 403, for a limit that is used up; Groq with 413, for tokens. */
const ALSO_LIMITS: ReadonlySet<number> = new Set([403, 413]);

function byStatus(failure: unknown, status: number): Classification {
  const { retryAfterMs, resetMs, usedUp, retryable } = limitsOf(failure);
  const limited = ALSO_LIMITS.has(status) && (retryAfterMs !== undefined || (usedUp && (status === 403 || resetMs !== undefined)));
  if (status === 429 || limited) return classification('RATE_LIMIT', retryAfterMs ?? resetMs, retryable);
  const errorClass = classOfStatus(status);
  const insisted = retryable === true && errorClass === 'PERMANENT';
  // 529 is Anthropic's 503.
  const waits = insisted || status === 503 || status === 529;
  return classification(insisted ? 'TRANSIENT' : errorClass, waits ? retryAfterMs : undefined, retryable);
}
