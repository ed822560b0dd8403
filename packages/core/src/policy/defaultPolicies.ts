import type { CircuitBreaker, CircuitBreakerOptions } from '../gates/index.js';
import type { KeyBounds, KeyedPolicy } from './keyed/KeyedPolicy.js';
import type { DrainOptions } from './drain/options.js';
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

/**
 * Takes no more calls by the policies of the default registry, nor by those that are made later, and waits for those in flight. Resolves with
 * true once there are none, in the turn after the last one was answered, and with false when the time is up before; those that are still in
 * flight go on.
 *
 * A call that was let in goes on as it would at any time, with its retries and its place in a queue, and so do calls that are made in it with
 * its attempt as their `parent`. Any other is refused with a `DrainingError` (`DRAINING`): stop first what makes them. A function that
 * outlived its call is not waited for. A second `drain` waits anew, with a time of its own.
 *
 * Rejects with a TypeError for a wrong option.
 */
export function drain(options: DrainOptions): Promise<boolean> {
  return defaultRegistry().drain(options);
}

/** Takes calls by the policies of the default registry again, after {@link drain}. */
export function resume(): void {
  defaultRegistry().resume();
}
