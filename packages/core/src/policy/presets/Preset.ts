import type { CircuitBreakerOptions } from '../../gates/index.js';
import type { RetryOptions } from '../../retry/options.js';
import type { PolicyOptions } from '../PolicyOptions.js';

/** Options of a policy for one kind of dependency: to be used as they are, or spread and changed. Frozen, all the way down. */
export interface Preset extends PolicyOptions {
  /** Milliseconds for the whole call. */
  readonly timeoutMs: number;
  /** Milliseconds for one attempt. */
  readonly attemptTimeoutMs: number;
  /** When a failed attempt is followed by another. */
  readonly retry: RetryOptions;
  /** When its circuit opens. */
  readonly circuitBreaker: CircuitBreakerOptions;
}

/** Makes sure that nobody's change of a preset is a change of everybody's. Functions in it are left as they are. */
export function preset<T extends Preset>(options: T): Readonly<T> {
  freeze(options);
  return options;
}

function freeze(value: object): void {
  for (const each of Object.values(value)) if (typeof each === 'object' && each !== null) freeze(each as object);
  Object.freeze(value);
}
