import type { CircuitState } from '../CircuitState.js';
import type { ErrorClass } from '../ErrorClass.js';
import { brandOf, hasInstance } from './instanceOf.js';

/** What a {@link CircuitOpenError} tells. */
export interface CircuitOpenErrorOptions {
  /** The circuit's name: the policy's, unless its breaker has one of its own. */
  readonly circuit: string;
  /** Milliseconds until the circuit may let a probe through; Infinity while it is forced open. */
  readonly retryAfterMs: number;
  /** The state it refused in. Default `open`. */
  readonly state?: CircuitState | undefined;
  /** The call's last error, when the circuit opened while the call was retrying. */
  readonly cause?: unknown;
}

/** A circuit breaker refused the call, or opened while it was retrying. The function was not called (again). */
export class CircuitOpenError extends Error {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'CircuitOpenError';
  override readonly name: string = 'CircuitOpenError';
  /** What it is to a policy around the one that threw it. */
  readonly errorClass: ErrorClass = 'TRANSIENT';
  /** The circuit's name. */
  readonly circuit: string;
  /** Milliseconds until the circuit may let a probe through; Infinity while it is forced open. */
  readonly retryAfterMs: number;
  /** The state the circuit refused in. */
  readonly state: CircuitState;

  constructor(options: CircuitOpenErrorOptions) {
    const { circuit, retryAfterMs, state = 'open', cause } = options;
    super(`Circuit ${circuit} is ${state}`, cause === undefined ? undefined : { cause });
    this.circuit = circuit;
    this.retryAfterMs = retryAfterMs;
    this.state = state;
  }

  /**
   * The same error without a stack, at a tenth of the price: a refusal is made as often as an outage has calls, and its stack always says
   * the same. `Error.stackTraceLimit` is V8's; where it is missing or read-only, the stack stays.
   */
  static withoutStack(options: CircuitOpenErrorOptions): CircuitOpenError {
    const v8: ErrorConstructor & { stackTraceLimit?: unknown } = Error;
    const limit = v8.stackTraceLimit;
    if (typeof limit !== 'number' || !Reflect.set(v8, 'stackTraceLimit', 0)) return new CircuitOpenError(options);
    try {
      return new CircuitOpenError(options);
    } finally {
      v8.stackTraceLimit = limit;
    }
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return hasInstance.call(this, value);
  }
}

/** Whether an error is a {@link CircuitOpenError}, of whichever copy of core. Never throws, as `instanceof` does for a hostile proxy. */
export function isCircuitOpenError(error: unknown): error is CircuitOpenError {
  return brandOf(error) === CircuitOpenError.redressError;
}
