import type { CircuitState } from '../../model/CircuitState.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import { RedressError } from '../../model/errors/RedressError.js';

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
export class CircuitOpenError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'CircuitOpenError';
  /** Tells a refusal of ours, by whatever gate. */
  static readonly redressRefusal: boolean = true;
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
}
