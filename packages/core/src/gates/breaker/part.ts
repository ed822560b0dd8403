import { properName } from '../../model/properName.js';
import type { GatePart } from '../GatePart.js';
import { attach, CircuitBreaker, isCircuitBreaker, isHeldTo } from './CircuitBreaker.js';
import { KeyedCircuits } from './KeyedCircuits.js';
import { type CircuitBreakerOptions, ResolvedBreaker } from './options.js';

export type { CircuitBreakerOfHealth } from './circuitHealth.js';

/** The option of a policy that has a circuit breaker. */
export interface CircuitBreakerOption {
  /** Refuses calls to a dependency that fails. Default: none. `{}` for one with the defaults; an instance may be shared between policies. */
  readonly circuitBreaker?: CircuitBreakerOptions | CircuitBreaker | false | undefined;
}

/** A policy that may have one. */
export interface CircuitBreakerOfPolicy {
  /** Its breaker, shared or its own; undefined when it was made without one. */
  readonly circuitBreaker: CircuitBreaker | undefined;
}

/** The circuit breaker among the gates of a policy. */
export const circuitBreaker: GatePart<CircuitBreaker> = {
  option: 'circuitBreaker',
  noun: 'circuit',
  isInstance: isCircuitBreaker,
  // It gets its name with its owner: one that had it now would show itself at once, and begin to age by another clock.
  make: (where, options, scope) => new CircuitBreaker(new ResolvedBreaker(where, options, false, scope)),
  scopeOf: (breaker) => breaker.scope,
  lendsProbes: true,
  isHeldTo,
  notForAllKeys: 'options: each key has a circuit of its own, and one instance would open for all of them at once',
  forKeys: (where, options: CircuitBreakerOptions, owner, scope) =>
    new KeyedCircuits(new ResolvedBreaker(where, options, false, scope), nameOf(options), owner),
  use: (breaker, owner, options) => ({ ...attach(breaker, owner, nameOf(options) ?? owner.policy), scope: breaker.scope }),
};

/** The name that a policy's own options give the circuit. */
function nameOf(options: CircuitBreakerOptions): string | undefined {
  return isCircuitBreaker(options) || options.name === undefined ? undefined : properName(options.name);
}
