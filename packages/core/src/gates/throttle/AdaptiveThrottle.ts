import type { Clock } from '../../model/Clock.js';
import { isMarked } from '../../model/isMarked.js';
import { SharedTime } from '../../timers/SharedTime.js';
import type { GateInUse, GateOwner } from '../GatePart.js';
import { AdaptiveThrottleEngine } from './AdaptiveThrottleEngine.js';
import type { AdaptiveThrottleHealth } from './AdaptiveThrottleHealth.js';
import { AdaptiveThrottleGate } from './AdaptiveThrottleGate.js';
import { type AdaptiveThrottleOptions, ResolvedThrottle } from './options.js';

/** By this, and not by its class, a throttle is known to another copy of this package. */
const ATTACH = Symbol.for('redress.throttle.attach');

/** How policies take a throttle into use. */
interface Attachable {
  isHeldTo(clock: Clock | undefined, leaving: number): boolean;
  use(owner: GateOwner): GateInUse;
}

/** Whether a value is a throttle, of this copy of the package or another. */
export function isAdaptiveThrottle(value: unknown): value is AdaptiveThrottle {
  return isMarked(value, ATTACH);
}

/** Takes a throttle into use by a policy, whose name it takes when it has none: the first one gives it its clock. */
export function attach(throttle: AdaptiveThrottle, owner: GateOwner): GateInUse {
  return throttle[ATTACH]().use(owner);
}

/** Whether policies use a throttle, `leaving` of them aside, that live by another clock. */
export function isHeldTo(throttle: AdaptiveThrottle, clock: Clock | undefined, leaving: number): boolean {
  return throttle[ATTACH]().isHeldTo(clock, leaving);
}

/**
 * Refuses a share of the attempts here when the other side turns many away, so that it is spared what it would refuse anyway, and goes on
 * sending somewhat more than is accepted. An instance may be shared between policies of one clock.
 *
 * Source: "Site Reliability Engineering", Handling Overload, Client-Side Throttling.
 */
export class AdaptiveThrottle {
  readonly #options: ResolvedThrottle;
  readonly #engine: AdaptiveThrottleEngine;
  readonly #time = new SharedTime();
  #name: string | undefined;
  #attached = false;

  /** @throws TypeError that names the option, the value and the rule. */
  constructor(options: AdaptiveThrottleOptions = {}) {
    this.#options = ResolvedThrottle.is(options) ? options : new ResolvedThrottle('throttle', options);
    this.#engine = new AdaptiveThrottleEngine(this.#options);
    this.#name = this.#options.name;
  }

  /** What its errors call it. */
  get name(): string {
    return this.#name ?? 'throttle';
  }

  /** The share of attempts that it refuses now: 0 while the other side accepts enough, never 1. */
  get rejectionProbability(): number {
    return this.#engine.rejectionProbability(this.#time.now());
  }

  /** @internal */
  [ATTACH](): Attachable {
    return {
      isHeldTo: (clock, leaving) => this.#time.isHeldTo(clock, leaving),
      use: (owner) => this.#use(owner),
    };
  }

  #stats(): AdaptiveThrottleHealth {
    const { name, rejectionProbability } = this;
    return { name, rejectionProbability };
  }

  #use({ clock, policy, random }: GateOwner): GateInUse {
    this.#name ??= policy;
    if (!this.#attached) this.#time.startBy(clock);
    this.#attached = true;
    const gate = new AdaptiveThrottleGate(this.name, this.#options, this.#engine, this.#time, random);
    this.#time.join(gate, clock);
    const isAtRest = (): boolean => this.#engine.isAtRest(this.#time.now());
    const health = () => ({ stats: this.#stats() });
    return { gate, scope: 'attempt', isAtRest, health, release: () => this.#time.leave(gate) };
  }
}
