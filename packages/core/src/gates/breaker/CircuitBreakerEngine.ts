import type { BackoffReport } from '../../backoff/delayOf.js';
import { type BreakerLease, type BreakerRefusal, closedLease, FIRST_LEASE } from './BreakerLease.js';
import type { BreakerSettings } from './BreakerSettings.js';
import { type BreakerSnapshot, remainingOpenMs, restoredState } from './BreakerSnapshot.js';
import type { BreakerTransition, TransitionReason } from './BreakerTransition.js';
import { CircuitPast } from './CircuitPast.js';
import { openTime } from './openTime.js';
import { StateTimes } from './StateTimes.js';
import { SLOW_CALLS, type Trip, type TripReason } from './trips/Trip.js';
import type { CircuitState } from '../../model/CircuitState.js';
import type { ErrorClass } from '../../model/ErrorClass.js';

/**
 * The state machine of a circuit breaker. It counts nothing itself (a `Trip` does) and reads no clock: every method is given
 * `nowMs`, milliseconds on a monotonic scale. Leases go out by `enter` and come back once by `succeed`, `fail` or `release`.
 *
 * Each change of state begins a new generation with empty counts. A lease of an older one changes nothing, so that neither a late
 * success closes a circuit nor a late failure opens it.
 */
export class CircuitBreakerEngine {
  readonly #random: () => number;
  readonly #onRecoveryError: BackoffReport;
  readonly #trip: Trip;
  readonly madeMs: number;
  /** The shared lease of a closed circuit; undefined in every other state, so that `enter` asks only this. */
  #closedLease: BreakerLease | undefined = FIRST_LEASE;
  /** Of the last counted failure while closed, of the one that opened the circuit after that. */
  #cause: unknown;
  #maxProbeMs: number;
  /** Made when it first leaves closed, or is forced: most circuits never do. */
  #past: CircuitPast | undefined;

  /** `onRecoveryError` is told what `settings.recovery` throws, and that it gave no number. */
  constructor(
    readonly settings: BreakerSettings,
    nowMs: number,
    random: () => number,
    onRecoveryError: BackoffReport = () => {},
  ) {
    this.#random = random;
    this.#onRecoveryError = onRecoveryError;
    this.#trip = settings.trip.make(nowMs);
    this.madeMs = nowMs;
    this.#maxProbeMs = settings.maxProbeMs;
  }

  /** Milliseconds after which the place of a probe that begins now may be taken by another. */
  set maxProbeMs(ms: number) {
    this.#maxProbeMs = ms;
    if (this.#past !== undefined) this.#past.probes.maxMs = ms;
  }

  /** The lease of every call while the circuit is closed; undefined in any other state. */
  get closedLease(): BreakerLease | undefined {
    return this.#closedLease;
  }

  /** A lease, or a refusal. While closed it is one frozen lease for every call; `observeOnly` gives leases alone. */
  enter(nowMs: number): BreakerLease | BreakerRefusal {
    return this.#closedLease ?? this.#enterOpened(nowMs);
  }

  /**
   * The call succeeded after `durationMs`. A slow probe counts as a failed one: a circuit that opened on slow calls is not to be
   * closed by another. resilience4j does the same.
   */
  succeed(lease: BreakerLease, nowMs: number, durationMs: number): BreakerTransition | undefined {
    if (lease !== this.#closedLease) return this.#probeSucceeded(lease, nowMs, durationMs);
    const reason = this.#trip.succeed(nowMs, durationMs);
    if (reason === undefined) return undefined;
    // Slow calls are to blame, not a failure that may be long past.
    if (reason === SLOW_CALLS) this.#cause = undefined;
    return this.#tripped(reason, nowMs, 'TRANSIENT');
  }

  #probeSucceeded(lease: BreakerLease, nowMs: number, durationMs: number): BreakerTransition | undefined {
    const past = this.#past;
    if (past?.probes.giveBack(lease) !== true) return undefined;
    if (this.isSlow(durationMs)) return this.#open('probe_failed', nowMs, 'TRANSIENT');
    past.successes += 1;
    return past.successes < this.settings.successThreshold ? undefined : this.#close('probes_succeeded', nowMs);
  }

  /**
   * The call failed after `durationMs`. A class that does not trip counts as a success of the window; of a probe it says nothing,
   * which then gives its place back. `cause` is kept while it may be what opened the circuit. `retryAfterMs`, when the other side asked
   * for a wait, keeps the circuit that it opens open so long, within `longestWaitMs`.
   */
  fail(
    lease: BreakerLease,
    nowMs: number,
    durationMs: number,
    errorClass: ErrorClass,
    cause: unknown,
    retryAfterMs?: number,
  ): BreakerTransition | undefined {
    if (!this.settings.tripOn.has(errorClass)) {
      return lease === this.#closedLease ? this.succeed(lease, nowMs, durationMs) : this.release(lease);
    }
    if (lease === this.#closedLease) {
      this.#cause = cause;
      return this.#tripped(this.#trip.fail(nowMs, durationMs, errorClass), nowMs, errorClass, retryAfterMs);
    }
    if (this.#past?.probes.giveBack(lease) !== true) return undefined;
    this.#cause = cause;
    return this.#open('probe_failed', nowMs, errorClass, retryAfterMs);
  }

  /** Neither success nor failure: aborted, or refused by another breaker inside. A probe gives its place back. */
  release(lease: BreakerLease): undefined {
    this.#past?.probes.giveBack(lease);
  }

  /** The state, half-open as soon as the open time is over. */
  stateAt(nowMs: number): CircuitState {
    const past = this.#past;
    if (past === undefined) return 'closed';
    if (past.times.state === 'open' && nowMs >= past.openUntilMs) this.#become(past, 'half_open', past.openUntilMs);
    return past.times.state;
  }

  /** Milliseconds until the first probe: 0 unless open, Infinity while forced open. */
  retryAfterMs(nowMs: number): number {
    const state = this.stateAt(nowMs);
    if (state === 'forced_open') return Infinity;
    return this.#openMsLeft(state, nowMs) ?? 0;
  }

  /** Whether a call that is about to wait for its retry may stop here: open, or forced open, and not just observing. */
  refuses(nowMs: number): boolean {
    return !this.settings.observeOnly && this.retryAfterMs(nowMs) > 0;
  }

  /** The cause given with the failure that opened the circuit, as in its refusals. */
  get openedBy(): unknown {
    return this.#cause;
  }

  /** Whether a call of `durationMs` counts as slow. */
  isSlow(durationMs: number): boolean {
    return durationMs >= (this.settings.trip.slowCallMs ?? Infinity);
  }

  /** In [0, 1]; NaN below the minimum of calls, and for a trip without a rate. */
  failureRate(nowMs: number): number {
    return this.#trip.failureRate(nowMs);
  }

  /** Share of failed calls in the window, 0 of an empty one; while not closed, as it left closed. Undefined for a trip without a ratio. */
  failureRatio(nowMs: number): number | undefined {
    if (this.#closedLease === undefined) return this.#past?.lastRatio;
    return this.#trip.window === undefined ? undefined : (this.#trip.window(nowMs)?.failureRatio ?? 0);
  }

  /** Milliseconds in each state since the breaker was made; they add up to its age. */
  timeInState(nowMs: number): Readonly<Record<CircuitState, number>> {
    this.stateAt(nowMs);
    return (this.#past?.times ?? new StateTimes(this.madeMs)).at(nowMs);
  }

  /** Whether it is closed, not by force, and counts no failure: one made anew would do as well. */
  isAtRest(nowMs: number): boolean {
    return this.#closedLease !== undefined && this.#past?.heldClosed !== true && this.#trip.hasTrouble?.(nowMs) === false;
  }

  /** Refuses every call until `reset` or `forceClose`. */
  forceOpen(nowMs: number): BreakerTransition | undefined {
    this.stateAt(nowMs);
    this.#cause = undefined;
    const window = this.#trip.window?.(nowMs);
    const past = this.#ownPast();
    this.#become(past, 'forced_open', nowMs);
    return past.tell('forced_open', 'forced', undefined, window);
  }

  /** Lets every call run until `reset` or `forceOpen`; calls are still counted, so the failure rate stays true. */
  forceClose(nowMs: number): BreakerTransition | undefined {
    const transition = this.#close('forced', nowMs);
    this.#ownPast().heldClosed = true;
    return transition;
  }

  /** Closed, nothing counted, nothing forced. */
  reset(nowMs: number): BreakerTransition | undefined {
    return this.#close('reset', nowMs);
  }

  /** `wallMs`, milliseconds since 1970, lets the time until `restore` count. */
  toJSON(nowMs: number, wallMs?: number): BreakerSnapshot {
    const state = this.stateAt(nowMs);
    const past = this.#past;
    return {
      version: 1,
      state: past?.heldClosed === true ? 'forced_closed' : state,
      remainingOpenMs: this.#openMsLeft(state, nowMs) ?? 0,
      openings: past?.openings ?? 0,
      lastOpenMs: past?.lastOpenMs,
      takenAtMs: wallMs,
    };
  }

  /**
   * Goes on where a (valid) snapshot was taken, counting anew. Of the open time that was left, the time from the snapshot's
   * `takenAtMs` to `wallMs` is over; without either of them none is. What has no open time left is half-open.
   */
  restore(snapshot: BreakerSnapshot, nowMs: number, wallMs?: number): BreakerTransition | undefined {
    this.stateAt(nowMs);
    this.#cause = undefined;
    const past = this.#ownPast();
    past.openUntilMs = nowMs + remainingOpenMs(snapshot, wallMs);
    past.openings = snapshot.openings;
    past.lastOpenMs = snapshot.lastOpenMs;
    this.#become(past, restoredState(snapshot), nowMs);
    past.heldClosed = snapshot.state === 'forced_closed';
    const state = this.stateAt(nowMs);
    return past.tell(state, 'restored', this.#openMsLeft(state, nowMs));
  }

  #enterOpened(nowMs: number): BreakerLease | BreakerRefusal {
    const state = this.stateAt(nowMs);
    const past = this.#ownPast();
    const waitMs = state === 'half_open' ? past.probes.waitMs(nowMs) : this.retryAfterMs(nowMs);
    if (waitMs === 0) {
      const lease = this.#lease(true, past.tell('half_open', 'recovery_elapsed'), undefined);
      past.probes.take(lease, nowMs);
      return lease;
    }
    const refusal: BreakerRefusal = { kind: 'refusal', retryAfterMs: waitMs, state, openedBy: this.#cause };
    return this.settings.observeOnly ? this.#lease(false, undefined, refusal) : refusal;
  }

  #lease(probe: boolean, transition: BreakerTransition | undefined, observed: BreakerRefusal | undefined): BreakerLease {
    return { kind: 'lease', probe, openedBy: this.#cause, transition, observed };
  }

  #tripped(reason: TripReason | undefined, nowMs: number, errorClass: ErrorClass, retryAfterMs?: number): BreakerTransition | undefined {
    return reason === undefined || this.#past?.heldClosed === true ? undefined : this.#open(reason, nowMs, errorClass, retryAfterMs);
  }

  #open(reason: TransitionReason, nowMs: number, errorClass: ErrorClass, retryAfterMs?: number): BreakerTransition | undefined {
    // Nothing is counted while half-open, so of a probe there is none.
    const window = this.#trip.window?.(nowMs);
    const past = this.#ownPast();
    past.openings += 1;
    const openMs = this.#openMs(past, errorClass, retryAfterMs);
    past.lastOpenMs = openMs;
    past.openUntilMs = nowMs + openMs;
    this.#become(past, 'open', nowMs);
    return past.tell('open', reason, openMs, window);
  }

  /** What the settings say, or longer where the other side asked for it: to probe sooner would be in vain. */
  #openMs(past: CircuitPast, errorClass: ErrorClass, retryAfterMs = 0): number {
    const context = {
      attempt: past.openings,
      classification: { errorClass, retryAfterMs: retryAfterMs > 0 ? retryAfterMs : undefined },
      previousDelayMs: past.lastOpenMs,
      remainingMs: Infinity,
      failedBy: 'exception',
      random: this.#random,
    } as const;
    const openMs = openTime(this.settings.recovery, context, this.#onRecoveryError);
    return retryAfterMs > openMs ? Math.max(openMs, Math.min(retryAfterMs, this.settings.longestWaitMs(openMs))) : openMs;
  }

  /** Milliseconds left of an open time; undefined in any other state. */
  #openMsLeft(state: CircuitState, nowMs: number): number | undefined {
    return state === 'open' && this.#past !== undefined ? this.#past.openUntilMs - nowMs : undefined;
  }

  #close(reason: TransitionReason, nowMs: number): BreakerTransition | undefined {
    this.stateAt(nowMs);
    const past = this.#ownPast();
    past.openings = 0;
    past.lastOpenMs = undefined;
    this.#become(past, 'closed', nowMs);
    return past.tell('closed', reason);
  }

  /** Begins a generation. */
  #become(past: CircuitPast, state: CircuitState, atMs: number): void {
    past.lastRatio = this.failureRatio(atMs);
    past.begin(state, atMs);
    this.#closedLease = state === 'closed' ? closedLease() : undefined;
    this.#trip.clear(atMs);
  }

  #ownPast(): CircuitPast {
    this.#past ??= new CircuitPast(this.madeMs, this.settings.probes, this.#maxProbeMs);
    return this.#past;
  }
}
