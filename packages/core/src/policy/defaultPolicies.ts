import type { CircuitBreaker, CircuitBreakerOptions } from '../gates/index.js';
import type { KeyBounds, KeyedPolicy } from './keyed/KeyedPolicy.js';
import type { Policy } from './Policy.js';
import type { PolicyOptions, PolicyUpdate } from './PolicyOptions.js';
import { defaultRegistry, type PolicyWithCircuitBreaker } from './Registry.js';

/**
 * Makes a policy and registers it in the default registry; a second one under a name takes its place, told once through `diag`.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function policy<F = never>(
  name: string,
  options: PolicyOptions<F> & { readonly circuitBreaker: CircuitBreakerOptions | CircuitBreaker },
): PolicyWithCircuitBreaker<F>;
export function policy<F = never>(name: string, options?: PolicyOptions<F>): Policy<F>;
// The last of them is what `ReturnType` and the like see.
export function policy(name: string, options?: PolicyOptions): Policy;
export function policy<F>(name: string, options?: PolicyOptions<F>): Policy<F> {
  return defaultRegistry().policy(name, options);
}

/**
 * Makes a keyed policy and registers it in the default registry: one policy for each key, such as a host or a tenant, each with a circuit, a
 * budget and other gates of its own. A second one under a name takes its place, told once through `diag`.
 *
 * @throws TypeError for a wrong option, and for a `CircuitBreaker` instance, which all keys would open together.
 */
export function keyedPolicy<F = never>(name: string, options?: PolicyOptions<F>, bounds?: KeyBounds): KeyedPolicy<F>;
// The last of them is what `ReturnType` and the like see.
export function keyedPolicy(name: string, options?: PolicyOptions, bounds?: KeyBounds): KeyedPolicy;
export function keyedPolicy<F>(name: string, options?: PolicyOptions<F>, bounds?: KeyBounds): KeyedPolicy<F> {
  return defaultRegistry().keyedPolicy(name, options, bounds);
}

/** The keyed policy of that name in the default registry, if there is one. */
export function getKeyedPolicy(name: string): KeyedPolicy | undefined {
  return defaultRegistry().getKeyedPolicy(name);
}

/** The policy of that name in the default registry, if there is one. What its fallback gives is not known from its name: `as Policy<…>` says it. */
export function getPolicy(name: string): Policy | undefined {
  return defaultRegistry().getPolicy(name);
}

/**
 * Changes a policy of the default registry in place; see {@link Registry.updatePolicy}.
 *
 * @throws RangeError without a policy of that name; TypeError for a wrong option, and then nothing has changed.
 */
export function updatePolicy(name: string, options: PolicyUpdate): Policy {
  return defaultRegistry().updatePolicy(name, options);
}
