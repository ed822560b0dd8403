import type { Clock } from '../../model/Clock.js';
import { isMarked } from '../../model/isMarked.js';
import { reasonOf } from '../../model/reasonOf.js';
import { aFunction, aSignal, check, hold, type Rules } from '../../model/rules.js';
import { METRIC_REDRESS_RATE_LIMITER_AVAILABLE } from '../../telemetry/port/semconv.js';
import type { GaugeObserver } from '../../telemetry/port/Telemetry.js';
import { SharedTime } from '../../timers/SharedTime.js';
import type { Lease, Queued } from '../Gate.js';
import type { GateInUse } from '../GatePart.js';
import { orAborted } from '../orAborted.js';
import { callRules, type RateLimiterCallOption } from './callOptions.js';
import { type RateLimiterOptions, ResolvedRateLimiter } from './options.js';
import { PermitTimer } from './PermitTimer.js';
import { RateLimiterEngine } from './RateLimiterEngine.js';
import type { RateLimiterHealth } from './RateLimiterHealth.js';
import { RateLimiterGate } from './RateLimiterGate.js';

/** Of `run`. */
const runRules: Rules = { signal: aSignal, ...callRules };

/** By this, and not by its class, a rate limiter is known to another copy of this package. */
const ATTACH = Symbol.for('redress.ratelimiter.attach');

/** How policies take a rate limiter into use. */
interface Attachable {
  isHeldTo(clock: Clock | undefined, leaving: number): boolean;
  use(clock: Clock | undefined, policy: string): GateInUse;
}

/** Whether a value is a rate limiter, of this copy of the package or another. */
export function isRateLimiter(value: unknown): value is RateLimiter {
  return isMarked(value, ATTACH);
}

/** Takes a rate limiter into use by a policy, whose name it takes when it has none: the first one gives it its clock. */
export function attach(limiter: RateLimiter, clock: Clock | undefined, policy: string): GateInUse {
  return limiter[ATTACH]().use(clock, policy);
}

/** Whether policies use a rate limiter, `leaving` of them aside, that live by another clock. */
export function isHeldTo(limiter: RateLimiter, clock: Clock | undefined, leaving: number): boolean {
  return limiter[ATTACH]().isHeldTo(clock, leaving);
}

/**
 * Lets only so many calls be made in a time: the others wait for their permits, first come, first served, or are refused with the time to
 * wait. A 429 that asks for a wait holds all callers back, for 60 s at most; then they come one by one. An instance may be shared between
 * policies of one clock, and used alone.
 *
 * Source: the generic cell rate algorithm, ITU-T I.371.
 */
export class RateLimiter {
  readonly #options: ResolvedRateLimiter;
  readonly #engine: RateLimiterEngine;
  readonly #time = new SharedTime();
  readonly #timer: PermitTimer;
  #name: string | undefined;
  #attached = false;

  /** @throws TypeError that names the option, the value and the rule. */
  constructor(options: RateLimiterOptions) {
    this.#options = ResolvedRateLimiter.is(options) ? options : new ResolvedRateLimiter('rate limiter', options);
    this.#engine = new RateLimiterEngine(this.#options);
    this.#timer = new PermitTimer(this.#engine, this.#time);
    this.#name = this.#options.name;
  }

  /** What its errors call it. */
  get name(): string {
    return this.#name ?? 'rate limiter';
  }

  /** Where it stands: around each attempt, or around the call. */
  get scope(): 'attempt' | 'call' {
    return this.#options.scope;
  }

  /** Permits in each `windowMs`. */
  get limit(): number {
    return this.#options.limit;
  }

  /** Milliseconds in which `limit` permits come back. */
  get windowMs(): number {
    return this.#options.windowMs;
  }

  /** Permits that can be saved. */
  get burst(): number {
    return this.#options.burst;
  }

  /** Milliseconds that a call may wait. */
  get maxWaitMs(): number {
    return this.#options.maxWaitMs;
  }

  /** Whole permits that are there now; 0 while a 429 holds all callers back. */
  get available(): number {
    return this.#engine.available(this.#time.now());
  }

  /** Those who wait for permits now. */
  get waiting(): number {
    return this.#engine.waiting;
  }

  /** Milliseconds for which a 429 holds all callers back; 0 while none does. */
  get heldMs(): number {
    return this.#engine.heldMs(this.#time.now());
  }

  /**
   * Runs a function when there are permits for it, `cost` of them. Resolves with its result and rejects with its error.
   *
   * Rejects with a `RateLimitedError` when its permits would not come within `maxWaitMs`, and with the signal's reason when that fires
   * while it waits: it then has taken none. A function that runs is not stopped; give it the signal too. What the function rejects with
   * holds nobody back: only a policy knows what a 429 is.
   */
  async run<R>(fn: () => R, options: RateLimiterCallOption & { readonly signal?: AbortSignal | undefined } = {}): Promise<Awaited<R>> {
    hold('rateLimiter.run', 'fn', fn, aFunction);
    const { signal, cost = 1 } = check('rateLimiter.run', options, runRules);
    if (signal?.aborted === true) throw reasonOf(signal);
    const answer = this.#gate().admit(this.#time.now(), cost, Infinity);
    const permit = answer.kind === 'queued' ? await this.#inLine(answer, signal) : answer;
    if (permit.kind === 'refusal') throw permit.error(undefined);
    return await fn();
  }

  async #inLine(line: Queued, signal: AbortSignal | undefined) {
    this.#timer.holdProcess();
    try {
      return await orAborted(line, signal, (permit: Lease) => permit.unused?.(this.#time.now()));
    } finally {
      this.#timer.letProcessGo();
    }
  }

  /** @internal */
  [ATTACH](): Attachable {
    return {
      isHeldTo: (clock, leaving) => this.#time.isHeldTo(clock, leaving),
      use: (clock, policy) => this.#use(clock, policy),
    };
  }

  #use(clock: Clock | undefined, policy: string): GateInUse {
    this.#name ??= policy;
    // Nobody was counted yet, so it has no time of its own to go on with.
    if (!this.#attached && this.#engine.isNew) this.#time.startBy(clock);
    this.#attached = true;
    const gate = this.#gate();
    this.#time.join(gate, clock);
    // Those who wait are woken by the clock that it has now.
    this.#timer.update();
    return {
      gate,
      scope: this.scope,
      isAtRest: () => this.waiting === 0 && this.heldMs === 0 && this.available >= this.burst,
      observe: (observer: GaugeObserver): void => observer.observe(METRIC_REDRESS_RATE_LIMITER_AVAILABLE, this.available),
      health: () => ({ stats: this.#stats() }),
      release: () => this.#time.leave(gate),
    };
  }

  #stats(): RateLimiterHealth {
    const { name, available, limit, windowMs, waiting, heldMs } = this;
    return { name, available, limit, windowMs, waiting, heldMs };
  }

  #gate(): RateLimiterGate {
    return new RateLimiterGate(this.name, this.#options, this.#engine, this.#timer, this.#time);
  }
}
