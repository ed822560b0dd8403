import type { BreakerLease, BreakerRefusal, BreakerTransition, CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import type { CallRecorder } from '../../telemetry/port/CallRecorder.js';
import type { ErrorClass } from '../../model/ErrorClass.js';

/** How what ran under a lease ended. `none`: neither success nor failure (aborted, or refused further inside). */
export type LeaseEnd = 'success' | 'none' | ErrorClass;

/**
 * A circuit breaker as a gate of a call: a lease or a refusal on the way in, the lease back on the way out.
 * The engine decides, the recorder is told, and what is left to do is the caller's.
 */
export class BreakerGate {
  constructor(
    readonly name: string,
    readonly engine: CircuitBreakerEngine,
    /** Milliseconds on the breaker's own clock; undefined when it is the policy's, whose reading then serves. */
    private readonly ownNow: (() => number) | undefined,
  ) {}

  enter(callNowMs: number, recorder: CallRecorder | undefined, attempt: number): BreakerLease | BreakerRefusal {
    const entry = this.engine.enter(this.#now(callNowMs));
    if (recorder !== undefined) this.#tellEntry(entry, recorder, attempt);
    return entry;
  }

  leave(
    lease: BreakerLease,
    end: LeaseEnd,
    callNowMs: number,
    durationMs: number,
    recorder: CallRecorder | undefined,
    attempt: number,
  ): void {
    const nowMs = this.#now(callNowMs);
    const transition =
      end === 'success' ? this.engine.succeed(lease, nowMs, durationMs) : this.#giveBack(lease, end, nowMs, durationMs, recorder);
    if (recorder === undefined) return;
    if (end !== 'none' && this.engine.isSlow(durationMs)) recorder.slowCall(attempt, durationMs);
    if (transition !== undefined) recorder.circuit(transition, this.name, attempt);
  }

  #giveBack(
    lease: BreakerLease,
    end: Exclude<LeaseEnd, 'success'>,
    nowMs: number,
    durationMs: number,
    recorder: CallRecorder | undefined,
  ): BreakerTransition | undefined {
    return end === 'none' ? this.engine.release(lease, nowMs) : this.engine.fail(lease, nowMs, durationMs, end, recorder?.cause());
  }

  #tellEntry(entry: BreakerLease | BreakerRefusal, recorder: CallRecorder, attempt: number): void {
    if (entry.kind === 'refusal' || entry.probe) recorder.link(entry.openedBy);
    if (entry.kind === 'refusal') return;
    if (entry.transition !== undefined) recorder.circuit(entry.transition, this.name, attempt);
    if (entry.observed !== undefined) recorder.observedRefusal({ name: this.name, state: entry.observed.state }, attempt);
  }

  /** What another attempt would be told by a circuit that is open; undefined when it may try. */
  refusal(callNowMs: number): BreakerRefusal | undefined {
    const { engine } = this;
    const nowMs = this.#now(callNowMs);
    if (!engine.refuses(nowMs)) return undefined;
    return { kind: 'refusal', retryAfterMs: engine.retryAfterMs(nowMs), state: engine.stateAt(nowMs), openedBy: engine.openedBy };
  }

  #now(callNowMs: number): number {
    return this.ownNow === undefined ? callNowMs : this.ownNow();
  }
}
