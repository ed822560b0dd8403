import type { Happened, HappenedAttempt, HappenedCall } from '../Happened.js';

/** What the program's own ledger tells. Times are milliseconds on the clock of all policies. */
export interface WholeHappened extends Omit<Happened, 'accepted' | 'written' | 'circuits' | 'forced'> {
  /** Attempts as their dependency accepted them. */
  readonly accepted: readonly { readonly id: string; readonly at: number }[];
  /** What circuits told of themselves. */
  readonly transitions: readonly { readonly circuit: string; readonly from: string; readonly to: string; readonly reason: string }[];
  /** What health said, and which circuits were not closed in that very turn. */
  readonly looks: readonly Look[];
  readonly drains: readonly {
    /** From then on no calls were taken, until then. */
    readonly at: number;
    readonly until: number;
    /** Calls without an answer when it began, and when it was over. */
    readonly inFlight: number;
    readonly leftOpen: number;
    readonly drained: boolean;
  }[];
  readonly limits: Readonly<Record<'search' | 'tenants', { readonly limit: number; readonly windowMs: number; readonly burst: number }>>;
  readonly times: Readonly<Record<'search' | 'others', { readonly timeoutMs: number; readonly attemptTimeoutMs: number }>>;
  /** Names of all circuits. */
  readonly circuits: readonly string[];
  /** How many keys have a state. */
  readonly keys: number;
}

export interface Look {
  readonly status: string;
  readonly draining: boolean;
  readonly reasons: readonly { readonly policy?: string; readonly part: string; readonly message: string }[];
  readonly notClosed: readonly { readonly name: string; readonly state: string }[];
}

/** What became of an attempt: whether it failed and as what, by what its function and its dependency did. */
export interface Fate {
  /** Absent of one that succeeded, that was called off, or whose answer nobody wanted any more. */
  readonly errorClass: string | undefined;
  /** It ran out of its own time. */
  readonly timedOut: boolean;
}

const CLASS_OF_STATUS: Readonly<Record<number, string>> = { 404: 'PERMANENT', 429: 'RATE_LIMIT', 500: 'SERVER_ERROR', 503: 'SERVER_ERROR' };

/** What became of an attempt of that call. */
export function fateOf(attempt: HappenedAttempt, call: HappenedCall, times: WholeHappened['times']): Fate {
  const { overBy, calledAt, endedAt } = attempt;
  const { timeoutMs, attemptTimeoutMs } = call.policy === 'search' ? times.search : times.others;
  const isTooLate = endedAt - call.startedAt >= (call.timeoutMs ?? timeoutMs);
  const timedOut = overBy === undefined ? !isTooLate && endedAt - calledAt >= attemptTimeoutMs : overBy === 'AttemptTimeoutError';
  if (timedOut || overBy === 'DeadlineExceededError' || (overBy === undefined && isTooLate)) return { errorClass: 'TRANSIENT', timedOut };
  if (overBy !== undefined || !attempt.threw) return { errorClass: undefined, timedOut };
  if (attempt.odd === true) return { errorClass: 'UNKNOWN', timedOut };
  return { errorClass: CLASS_OF_STATUS[attempt.status ?? 0] ?? 'TRANSIENT', timedOut };
}

/** A fallback answered for it, or tried to. */
export function isStoodInFor({ insteadOf, answeredBy }: HappenedCall): boolean {
  return insteadOf !== undefined && answeredBy !== 'stale_cache';
}

/** Each failure that there was, of attempts and of what answered for calls. */
export function failuresOf({
  calls,
  attempts,
  times,
}: WholeHappened): readonly { readonly call: HappenedCall; readonly errorClass: string }[] {
  const byId = new Map(calls.map((call) => [call.id, call]));
  const ofAttempts = attempts.flatMap((attempt) => {
    const call = byId.get(attempt.call);
    const errorClass = call && fateOf(attempt, call, times).errorClass;
    return call === undefined || errorClass === undefined ? [] : [{ call, errorClass }];
  });
  const ofFallbacks = calls.flatMap((call) =>
    call.stopReason === 'FALLBACK_FAILED' ? [{ call, errorClass: String(call.errorClass) }] : [],
  );
  return [...ofAttempts, ...ofFallbacks];
}
