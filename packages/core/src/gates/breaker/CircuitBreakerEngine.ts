import type { BackoffReport } from '../../backoff/delayOf.js';
import { type BreakerLease, type BreakerRefusal, closedLease } from './BreakerLease.js';
import type { BreakerSettings } from './BreakerSettings.js';
import { type BreakerSnapshot, remainingOpenMs, restoredState } from './BreakerSnapshot.js';
import type { BreakerTransition, TransitionReason } from './BreakerTransition.js';
import { openTime } from './openTime.js';
import { Probes } from './Probes.js';
import { StateTimes } from './StateTimes.js';
import { SLOW_CALLS, type Trip, type TripReason, type WindowShares } from './trips/Trip.js';
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
  readonly #tripOn: ReadonlySet<ErrorClass>;
  readonly #slowCallMs: number;
  readonly #probes: Probes;
  readonly #times: StateTimes;
  /** The shared lease of a closed circuit; undefined in every other state, so that `enter` asks only this. */
  #closedLease: BreakerLease | undefined = closedLease();
  #heldClosed = false;
  /** The state of the last transition handed out. */
  #told: CircuitState = 'closed';
  #openUntilMs = 0;
  #openings = 0;
  #lastOpenMs: number | undefined;
  #successes = 0;
  /** Of the last counted failure while closed, of the one that opened the circuit after that. */
  #cause: unknown;
  /** Of the window as the circuit left closed. */
  #lastRatio: number | undefined;

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
    this.#tripOn = settings.tripOn;
    this.#slowCallMs = this.#trip.slowCallMs;
    this.#probes = new Probes(settings.probes, settings.maxProbeMs);
    this.#times = new StateTimes(nowMs);
  }

  /** Milliseconds after which the place of a probe that begins now may be taken by another. */
  set maxProbeMs(ms: number) {
    this.#probes.maxMs = ms;
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
    if (!this.#probes.giveBack(lease)) return undefined;
    if (this.isSlow(durationMs)) return this.#open('probe_failed', nowMs, 'TRANSIENT');
    this.#successes += 1;
    return this.#successes < this.settings.successThreshold ? undefined : this.#close('probes_succeeded', nowMs);
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
    if (!this.#tripOn.has(errorClass)) {
      return lease === this.#closedLease ? this.succeed(lease, nowMs, durationMs) : this.release(lease);
    }
    if (lease === this.#closedLease) {
      this.#cause = cause;
      return this.#tripped(this.#trip.fail(nowMs, durationMs, errorClass), nowMs, errorClass, retryAfterMs);
    }
    if (!this.#probes.giveBack(lease)) return undefined;
    this.#cause = cause;
    return this.#open('probe_failed', nowMs, errorClass, retryAfterMs);
  }

  /** Neither success nor failure: aborted, or refused by another breaker inside. A probe gives its place back. */
  release(lease: BreakerLease): undefined {
    this.#probes.giveBack(lease);
  }

  /** The state, half-open as soon as the open time is over. */
  stateAt(nowMs: number): CircuitState {
    if (this.#times.state === 'open' && nowMs >= this.#openUntilMs) this.#become('half_open', this.#openUntilMs);
    return this.#times.state;
  }

  /** Milliseconds until the first probe: 0 unless open, Infinity while forced open. */
  retryAfterMs(nowMs: number): number {
    const state = this.stateAt(nowMs);
    if (state === 'forced_open') return Infinity;
    return state === 'open' ? this.#openUntilMs - nowMs : 0;
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
    return durationMs >= this.#slowCallMs;
  }

  /** In [0, 1]; NaN below the minimum of calls, and for a trip without a rate. */
  failureRate(nowMs: number): number {
    return this.#trip.failureRate(nowMs);
  }

  /** Share of failed calls in the window, 0 of an empty one; while not closed, as it left closed. Undefined for a trip without a ratio. */
  failureRatio(nowMs: number): number | undefined {
    if (this.#closedLease === undefined) return this.#lastRatio;
    return this.#trip.window === undefined ? undefined : (this.#trip.window(nowMs)?.failureRatio ?? 0);
  }

  /** Milliseconds in each state since the breaker was made; they add up to its age. */
  timeInState(nowMs: number): Readonly<Record<CircuitState, number>> {
    this.stateAt(nowMs);
    return this.#times.at(nowMs);
  }

  /** Refuses every call until `reset` or `forceClose`. */
  forceOpen(nowMs: number): BreakerTransition | undefined {
    this.stateAt(nowMs);
    this.#cause = undefined;
    const window = this.#trip.window?.(nowMs);
    this.#become('forced_open', nowMs);
    return this.#tell('forced_open', 'forced', undefined, window);
  }

  /** Lets every call run until `reset` or `forceOpen`; calls are still counted, so the failure rate stays true. */
  forceClose(nowMs: number): BreakerTransition | undefined {
    const transition = this.#close('forced', nowMs);
    this.#heldClosed = true;
    return transition;
  }

  /** Closed, nothing counted, nothing forced. */
  reset(nowMs: number): BreakerTransition | undefined {
    return this.#close('reset', nowMs);
  }

  /** `wallMs`, milliseconds since 1970, lets the time until `restore` count. */
  toJSON(nowMs: number, wallMs?: number): BreakerSnapshot {
    const state = this.stateAt(nowMs);
    return {
      version: 1,
      state: this.#heldClosed ? 'forced_closed' : state,
      remainingOpenMs: state === 'open' ? this.#openUntilMs - nowMs : 0,
      openings: this.#openings,
      lastOpenMs: this.#lastOpenMs,
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
    this.#openUntilMs = nowMs + remainingOpenMs(snapshot, wallMs);
    this.#openings = snapshot.openings;
    this.#lastOpenMs = snapshot.lastOpenMs;
    this.#become(restoredState(snapshot), nowMs);
    this.#heldClosed = snapshot.state === 'forced_closed';
    const state = this.stateAt(nowMs);
    return this.#tell(state, 'restored', state === 'open' ? this.#openUntilMs - nowMs : undefined);
  }

  #enterOpened(nowMs: number): BreakerLease | BreakerRefusal {
    const state = this.stateAt(nowMs);
    const waitMs = state === 'half_open' ? this.#probes.waitMs(nowMs) : this.retryAfterMs(nowMs);
    if (waitMs === 0) {
      const lease = this.#lease(true, this.#tell('half_open', 'recovery_elapsed'), undefined);
      this.#probes.take(lease, nowMs);
      return lease;
    }
    const refusal: BreakerRefusal = { kind: 'refusal', retryAfterMs: waitMs, state, openedBy: this.#cause };
    return this.settings.observeOnly ? this.#lease(false, undefined, refusal) : refusal;
  }

  #lease(probe: boolean, transition: BreakerTransition | undefined, observed: BreakerRefusal | undefined): BreakerLease {
    return { kind: 'lease', probe, openedBy: this.#cause, transition, observed };
  }

  #tripped(reason: TripReason | undefined, nowMs: number, errorClass: ErrorClass, retryAfterMs?: number): BreakerTransition | undefined {
    return reason === undefined || this.#heldClosed ? undefined : this.#open(reason, nowMs, errorClass, retryAfterMs);
  }

  #open(reason: TransitionReason, nowMs: number, errorClass: ErrorClass, retryAfterMs?: number): BreakerTransition | undefined {
    // Nothing is counted while half-open, so of a probe there is none.
    const window = this.#trip.window?.(nowMs);
    this.#openings += 1;
    const openMs = this.#openMs(errorClass, retryAfterMs);
    this.#lastOpenMs = openMs;
    this.#openUntilMs = nowMs + openMs;
    this.#become('open', nowMs);
    return this.#tell('open', reason, openMs, window);
  }

  /** What the settings say, or longer where the other side asked for it: to probe sooner would be in vain. */
  #openMs(errorClass: ErrorClass, retryAfterMs = 0): number {
    const context = {
      attempt: this.#openings,
      classification: { errorClass, retryAfterMs: retryAfterMs > 0 ? retryAfterMs : undefined },
      previousDelayMs: this.#lastOpenMs,
      remainingMs: Infinity,
      failedBy: 'exception',
      random: this.#random,
    } as const;
    const openMs = openTime(this.settings.recovery, context, this.#onRecoveryError);
    return retryAfterMs > openMs ? Math.max(openMs, Math.min(retryAfterMs, this.settings.longestWaitMs(openMs))) : openMs;
  }

  #close(reason: TransitionReason, nowMs: number): BreakerTransition | undefined {
    this.stateAt(nowMs);
    this.#openings = 0;
    this.#lastOpenMs = undefined;
    this.#become('closed', nowMs);
    return this.#tell('closed', reason);
  }

  /** Begins a generation. */
  #become(state: CircuitState, atMs: number): void {
    this.#lastRatio = this.failureRatio(atMs);
    this.#times.move(state, atMs);
    this.#closedLease = state === 'closed' ? closedLease() : undefined;
    this.#heldClosed = false;
    this.#successes = 0;
    this.#probes.clear();
    this.#trip.clear(atMs);
  }

  #tell(to: CircuitState, reason: TransitionReason, retryAfterMs?: number, window?: WindowShares): BreakerTransition | undefined {
    const from = this.#told;
    this.#told = to;
    return from === to ? undefined : { from, to, reason, retryAfterMs, window };
  }
}
