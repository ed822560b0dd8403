import { chance } from '../../backoff/chance.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { Refusal } from '../../model/Refusal.js';
import type { SharedTime } from '../../timers/SharedTime.js';
import { TimeReader } from '../../timers/TimeReader.js';
import type { Gate, Lease, Verdict } from '../Gate.js';
import type { AdaptiveThrottleEngine } from './AdaptiveThrottleEngine.js';
import type { ResolvedThrottle } from './options.js';
import { ThrottledError } from './ThrottledError.js';

/**
 * An adaptive throttle as a gate of one policy. An attempt counts when it has ended, so that many slow ones under way are not taken for many
 * that were turned away; one that ends as neither success nor failure counts for nothing. All attempts share the lease.
 */
export class AdaptiveThrottleGate extends TimeReader implements Gate, Lease {
  readonly kind = 'lease';
  private readonly chance: () => number;

  constructor(
    private readonly name: string,
    private readonly settings: ResolvedThrottle,
    private readonly engine: AdaptiveThrottleEngine,
    time: SharedTime,
    random: () => number,
  ) {
    super(time);
    this.chance = () => chance(random);
  }

  enter(callNowMs: number): Lease | Refusal {
    const nowMs = this.at(callNowMs);
    return this.engine.refuses(nowMs, this.chance) ? new Throttled(this.name, this.engine.rejectionProbability(nowMs)) : this;
  }

  leave(verdict: Verdict, callNowMs: number): void {
    if (verdict === 'none') return;
    this.engine.ended(this.at(callNowMs), verdict === 'success' || !this.settings.isRejection(verdict.errorClass));
  }
}

/** No leave, by chance: the other side turns too much away. */
class Throttled implements Refusal {
  readonly kind = 'refusal';
  readonly stopReason = 'THROTTLED';
  /** Each attempt is decided by itself: there is no time to wait for, and the next may pass. */
  readonly retryAfterMs = 0;
  readonly link = undefined;

  constructor(
    private readonly throttle: string,
    private readonly rejectionProbability: number,
  ) {}

  facts(): EmittedAttributes {
    return {};
  }

  error(cause: unknown): Error {
    const { throttle, rejectionProbability } = this;
    return new ThrottledError({ throttle, rejectionProbability, cause });
  }
}
