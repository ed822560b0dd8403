/** What the storefront's own ledger tells: see fixtures/Ledger.mjs. Times are milliseconds on the clock of all policies. */
export interface Happened {
  readonly calls: readonly HappenedCall[];
  readonly attempts: readonly HappenedAttempt[];
  readonly waits: readonly HappenedWait[];
  /** Failed attempts of which a sleep handler was asked. */
  readonly asked: readonly { readonly call: string; readonly attempt: number; readonly errorClass: string }[];
  readonly attemptTimeouts: readonly { readonly call: string; readonly attempt: number }[];
  /** Ids of attempts as the upstreams accepted them. */
  readonly accepted: readonly string[];
  /** Ids of attempts whose request undici made; one that was given up before is not among them. */
  readonly requested: readonly string[];
  /** Requests put on a connection, and the local port of that. */
  readonly written: readonly { readonly id: string; readonly port: number }[];
  readonly circuits: Readonly<Record<string, { readonly bornAt: number; readonly diedAt?: number }>>;
  /** Circuits that were forced open for a while. */
  readonly forced: readonly { readonly circuit: string; readonly round: number; readonly from: number; readonly to: number }[];
  /** What was told through `diag`. */
  readonly warnings: readonly string[];
}

export interface HappenedCall {
  readonly id: string;
  readonly round: number;
  /** The call around this one. */
  readonly inside?: string;
  /** The outermost call around this one, or itself. */
  readonly root: string;
  readonly policy: string;
  readonly operation: string;
  /** Of a call by a keyed policy. */
  readonly key?: string;
  /** It named what a cache may keep. */
  readonly isCached?: boolean;
  /** Milliseconds that it was given, where it asked for other than its policy's. */
  readonly timeoutMs?: number;
  readonly priority?: 'high' | 'normal' | 'low';
  /** Number of the attempt after which a deferred call goes on; 0 for any other. */
  readonly resumedAfter: number;
  /** Absent for a success. */
  readonly stopReason?: string;
  /** Number of the last attempt. */
  readonly attempts: number;
  readonly errorClass?: string;
  readonly failedBy?: string;
  /** What answered in the place of its function. */
  readonly answeredBy?: string;
  /** How it would have ended. */
  readonly insteadOf?: { readonly stopReason: string; readonly attempts: number; readonly errorClass?: string };
  /** The circuit that refused it. */
  readonly refusedBy?: string;
  /** The attempt whose answer it is, where the function said so. */
  readonly winner?: number;
  readonly startedAt: number;
  /** When its first function was called, and its last; absent without one. */
  readonly firstAt?: number;
  readonly seenAt?: number;
  /** The start, and the outcome's `elapsedMs`. */
  readonly endedAt: number;
  /** When the caller had the outcome. */
  readonly settledAt: number;
}

export interface HappenedAttempt {
  readonly id: string;
  readonly call: string;
  readonly number: number;
  /** When its function was called. */
  readonly calledAt: number;
  /** When its function ended. */
  readonly endedAt: number;
  /** Nothing was waited for: it began beside another, or in the place of one that failed just then. */
  readonly beside: boolean;
  /** Name of the reason for which its signal had fired when the function ended; absent where it had not. */
  readonly overBy?: string;
  /** The function threw an error of its own, after a good answer. */
  readonly odd?: boolean;
  /** The span that was active when the function was called. */
  readonly activeSpan?: string;
  /** Of the answer, when one came. */
  readonly status?: number;
  /** Code or name of the error, when none came. */
  readonly lostBy?: string;
  /** Whether the function threw. */
  readonly threw: boolean;
}

export interface HappenedWait {
  readonly call: string;
  /** The failed attempt. */
  readonly attempt: number;
  readonly errorClass: string;
  /** What `beforeSleep` was told. */
  readonly delayMs: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** `redress.outcome` of a call. */
export function outcomeOfCall({ stopReason, attempts }: HappenedCall): string {
  switch (stopReason) {
    case undefined:
      return 'success';
    case 'SCHEDULED':
      return 'scheduled';
    case 'ABORTED':
      return 'aborted';
    case 'CIRCUIT_OPEN':
    case 'BULKHEAD_FULL':
    case 'RATE_LIMITED':
    case 'THROTTLED':
    case 'DRAINING':
      // A call that was attempted, and then stopped by a gate, failed.
      return attempts > 0 ? 'failure' : 'rejected';
    default:
      return 'failure';
  }
}
