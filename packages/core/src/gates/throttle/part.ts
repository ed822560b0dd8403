import type { GatePart } from '../GatePart.js';
import { AdaptiveThrottle, attach, isAdaptiveThrottle, isHeldTo } from './AdaptiveThrottle.js';
import { type AdaptiveThrottleOptions, ResolvedThrottle } from './options.js';

export type { AdaptiveThrottleOfHealth } from './AdaptiveThrottleHealth.js';

/** The option of a policy that has an adaptive throttle. */
export interface AdaptiveThrottleOption {
  /** Refuses a share of the attempts when the other side turns many away. Default: none. `{}` for one with the defaults; an instance may be shared between policies. */
  readonly throttle?: AdaptiveThrottleOptions | AdaptiveThrottle | false | undefined;
}

/** A policy that may have one. */
export interface AdaptiveThrottleOfPolicy {
  /** Its throttle, shared or its own; undefined when it was made without one. */
  readonly throttle: AdaptiveThrottle | undefined;
}

/** The adaptive throttle among the gates of a policy. */
export const throttle: GatePart<AdaptiveThrottle> = {
  option: 'throttle',
  noun: 'throttle',
  isInstance: isAdaptiveThrottle,
  make: (where, options) => new AdaptiveThrottle(new ResolvedThrottle(where, options)),
  isHeldTo,
  use: attach,
};
