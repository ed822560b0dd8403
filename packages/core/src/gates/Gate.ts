import type { FailureFacts } from '../model/FailureFacts.js';
import type { Refusal } from '../model/Refusal.js';
import type { CallRecorder } from '../telemetry/port/CallRecorder.js';

/** How what ran under a lease ended. `none`: neither success nor failure (aborted, or refused further inside). */
export type Verdict = 'success' | 'none' | FailureFacts;

/**
 * Who stands at a gate: a call, as far as gates know it; the runtime stands above them. `Asked`: the options of a call that the gate has, all
 * of which may be absent.
 */
export interface Entry<Asked extends object = object> {
  /** What the call asked of its gates; undefined for nothing. */
  readonly asked: Asked | undefined;
  /** When its time is up, in milliseconds on the policy's clock. */
  readonly deadlineAt: number;
  /** Told of what the gate does; undefined when nobody listens. Asked for only when there is something to tell. */
  readonly recorder: CallRecorder | undefined;
  /** It is made inside an attempt of another call, which was let in before it. */
  readonly isInner?: boolean;
  /** Milliseconds on the policy's clock. */
  now(): number;
}

/**
 * What stands before a call or an attempt and may refuse it: a circuit breaker, a bulkhead. The runtime knows gates by this shape alone.
 * Times are milliseconds on the policy's clock.
 */
export interface Gate {
  /** Asks for leave to run. `attempt` is the number of the attempt about to be made; at the admission of a call, of those made before. */
  enter(nowMs: number, attempt: number, entry: Entry): Lease | Refusal | Queued;
  /** What another attempt would be told now; undefined when it may try. Changes nothing. A gate that never stops a retry has none. */
  refusal?(nowMs: number): Refusal | undefined;
  /** What an attempt that is made after `delayMs` more would be told, as things are; undefined when it may try. Changes nothing. */
  refusalAfter?(nowMs: number, delayMs: number, entry: Entry): Refusal | undefined;
}

/** Leave to run. */
export interface Lease {
  readonly kind: 'lease';
  /** Nothing ran under it, and nothing will: told once, before `leave`. */
  unused?(nowMs: number): void;
  /** Given back, once, when what ran is over, after `durationMs` milliseconds. */
  leave(verdict: Verdict, nowMs: number, durationMs: number, attempt: number, entry: Entry): void;
  /** No function runs under it any more: told once, after `leave`; later than that when a function outlives its attempt. */
  freed?(): void;
}

/** A place in a queue. */
export interface Queued {
  readonly kind: 'queued';
  /** Resolves with what the gate says in the end; never rejects, and never resolves once cancelled. */
  readonly ready: PromiseLike<Lease | Refusal>;
  /** Gives the place up. */
  cancel(): void;
}
