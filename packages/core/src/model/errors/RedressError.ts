import { brandOf, hasInstance } from './instanceOf.js';

/** Where an error of ours keeps the outcome of the call that rejected with it; found by any copy of core, seen by nobody who prints the error. */
export const OUTCOME: unique symbol = Symbol.for('redress.outcome');

/**
 * What all errors of redress are. `instanceof` holds across two copies of core, for this class and for each of those below it.
 */
export abstract class RedressError extends Error {
  #outcome: object | undefined = undefined;

  /** @internal */
  get [OUTCOME](): object | undefined {
    return this.#outcome;
  }

  /** @internal */
  set [OUTCOME](outcome: object | undefined) {
    this.#outcome = outcome;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === RedressError ? brandOf(value) !== undefined : hasInstance.call(this, value);
  }
}
