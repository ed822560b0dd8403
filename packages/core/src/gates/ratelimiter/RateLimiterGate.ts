import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import { ErrorClass } from '../../model/ErrorClass.js';
import type { Refusal } from '../../model/Refusal.js';
import { wholeMsUp } from '../../model/wholeMsUp.js';
import { ATTR_REDRESS_RETRY_AFTER } from '../../telemetry/port/semconv.js';
import type { SharedTime } from '../../timers/SharedTime.js';
import { TimeReader } from '../../timers/TimeReader.js';
import type { Entry, Gate, Lease, Queued, Verdict } from '../Gate.js';
import type { RateLimiterCallOption } from './callOptions.js';
import type { ResolvedRateLimiter } from './options.js';
import type { PermitTimer } from './PermitTimer.js';
import { RateLimitedError } from './RateLimitedError.js';
import type { RateLimiterEngine, Waiter } from './RateLimiterEngine.js';

/** A rate limiter as a gate of one policy: permits for each that it lets through, at once or after a wait. */
export class RateLimiterGate extends TimeReader implements Gate {
  constructor(
    readonly name: string,
    private readonly settings: ResolvedRateLimiter,
    private readonly engine: RateLimiterEngine,
    private readonly timer: PermitTimer,
    time: SharedTime,
  ) {
    super(time);
  }

  enter(callNowMs: number, _attempt: number, entry: Entry<RateLimiterCallOption>): Lease | Refusal | Queued {
    return this.admit(this.at(callNowMs), entry.asked?.cost ?? 1, entry.deadlineAt - callNowMs);
  }

  refusalAfter(callNowMs: number, delayMs: number, entry: Entry<RateLimiterCallOption>): Refusal | undefined {
    const cost = entry.asked?.cost ?? 1;
    const waitMs = this.engine.waitMs(this.at(callNowMs), cost);
    const isInTime = waitMs <= delayMs + this.settings.maxWaitMs && waitMs < entry.deadlineAt - callNowMs;
    return isInTime ? undefined : new RateLimited(this.name, this.settings, cost, waitMs);
  }

  /** Permits, a place in the queue, or neither, for one that has `leftMs` to live. */
  admit(nowMs: number, cost: number, leftMs: number): Lease | Refusal | Queued {
    const { engine, settings } = this;
    if (engine.waiting > 0) this.timer.goOn(nowMs);
    if (engine.tryTake(nowMs, cost)) return new Permit(this, nowMs, cost);
    const waitMs = engine.waitMs(nowMs, cost);
    if (waitMs > settings.maxWaitMs || waitMs >= leftMs) return new RateLimited(this.name, settings, cost, waitMs);
    const line = new PermitLine(this, cost, nowMs + settings.maxWaitMs, nowMs + leftMs);
    engine.queue(line);
    this.timer.update();
    return line;
  }

  cancel(line: PermitLine): void {
    this.engine.cancel(line);
    // Whoever comes next may be let in at once.
    this.timer.goOn(this.time.now());
  }

  unused(takenMs: number, cost: number, callNowMs: number): void {
    this.engine.giveBack(takenMs, cost);
    if (this.engine.waiting > 0) this.timer.goOn(this.at(callNowMs));
  }

  hold(callNowMs: number, forMs: number): void {
    this.engine.hold(this.at(callNowMs), forMs);
    this.timer.update();
  }

  tooLate(cost: number, waitMs: number): Refusal {
    return new RateLimited(this.name, this.settings, cost, waitMs);
  }
}

/** Permits of one call or attempt. */
class Permit implements Lease {
  readonly kind = 'lease';

  constructor(
    private readonly gate: RateLimiterGate,
    private readonly takenMs: number,
    private readonly cost: number,
  ) {}

  unused(nowMs: number): void {
    this.gate.unused(this.takenMs, this.cost, nowMs);
  }

  leave(verdict: Verdict, nowMs: number): void {
    if (typeof verdict !== 'object' || verdict.errorClass !== ErrorClass.RATE_LIMIT) return;
    const { retryAfterMs } = verdict;
    if (retryAfterMs !== undefined && retryAfterMs > 0) this.gate.hold(nowMs, retryAfterMs);
  }
}

/** A place in the queue. */
class PermitLine implements Queued, Waiter {
  readonly kind = 'queued';
  readonly ready: Promise<Lease | Refusal>;
  private resolve: (answer: Lease | Refusal) => void = () => {};

  constructor(
    private readonly gate: RateLimiterGate,
    readonly cost: number,
    readonly latestMs: number,
    readonly deadlineMs: number,
  ) {
    this.ready = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  admitted(nowMs: number): void {
    this.resolve(new Permit(this.gate, nowMs, this.cost));
  }

  tooLate(waitMs: number): void {
    this.resolve(this.gate.tooLate(this.cost, waitMs));
  }

  cancel(): void {
    this.gate.cancel(this);
  }
}

/** No permits in time. */
class RateLimited implements Refusal {
  readonly kind = 'refusal';
  readonly stopReason = 'RATE_LIMITED';
  readonly link = undefined;

  constructor(
    private readonly limiter: string,
    private readonly settings: ResolvedRateLimiter,
    private readonly cost: number,
    readonly retryAfterMs: number,
  ) {}

  facts(): EmittedAttributes {
    const { retryAfterMs } = this;
    return retryAfterMs === Infinity ? {} : { [ATTR_REDRESS_RETRY_AFTER]: wholeMsUp(retryAfterMs) / 1_000 };
  }

  error(cause: unknown): Error {
    const { limiter, cost, retryAfterMs } = this;
    const { limit, windowMs, burst } = this.settings;
    return new RateLimitedError({ limiter, retryAfterMs, limit, windowMs, cost, burst, cause });
  }
}
