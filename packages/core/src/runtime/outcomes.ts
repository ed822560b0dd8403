import type { BreakerRefusal } from '../gates/breaker/CircuitBreakerEngine.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import { CircuitOpenError } from '../model/errors/CircuitOpenError.js';
import type { Outcome, RejectedOutcome, TimelineEntry } from '../model/Outcome.js';

const outcomes = new WeakMap<object, Outcome<never>>();

/** The outcome of the call that rejected with this error; undefined for any other error. Of several calls, the last. */
export function outcomeOf(error: object): Outcome<never> | undefined {
  return outcomes.get(error);
}

/** Remembers with what outcome a call rejected, for as long as its error lives. */
export function rememberOutcome(error: unknown, outcome: Outcome<never>): void {
  if ((typeof error === 'object' && error !== null) || typeof error === 'function') outcomes.set(error, outcome);
}

/**
 * A refusal. Its error is made when it is first read, without a stack: a service under an open circuit refuses thousands of
 * calls a second, and whoever uses `settle` seldom looks at more than the reason.
 */
export class Rejection implements RejectedOutcome {
  readonly ok = false;
  readonly stopReason = 'CIRCUIT_OPEN';
  readonly retryAfterMs: number;
  #error: CircuitOpenError | undefined = undefined;
  readonly #refusal: BreakerRefusal;
  readonly #circuit: string;
  readonly #cause: unknown;

  constructor(
    readonly attempts: number,
    readonly elapsedMs: number,
    readonly timeline: readonly TimelineEntry[] | undefined,
    /** Class of the last failure, when the circuit opened mid-retry. */
    readonly errorClass: ErrorClass | undefined,
    refusal: BreakerRefusal,
    circuit: string,
    cause: unknown,
  ) {
    this.retryAfterMs = refusal.retryAfterMs;
    this.#refusal = refusal;
    this.#circuit = circuit;
    this.#cause = cause;
  }

  get error(): CircuitOpenError {
    this.#error ??= CircuitOpenError.withoutStack(this.#facts());
    return this.#error;
  }

  /** The error with the stack of whoever is refused, for a call that rejects. */
  thrown(): CircuitOpenError {
    this.#error ??= new CircuitOpenError(this.#facts());
    return this.#error;
  }

  #facts(): ConstructorParameters<typeof CircuitOpenError>[0] {
    const { retryAfterMs, state } = this.#refusal;
    return { circuit: this.#circuit, retryAfterMs, state, cause: this.#cause };
  }
}
