import type { Attempt } from '../model/Attempt.js';

/** What a scripted function does when it is called for the nth time. */
export type Step<T> = (attempt: Attempt) => T | PromiseLike<T>;

/** A function that follows a script, and knows how it was called. */
export interface Scripted<T> {
  (attempt: Attempt): Promise<T>;
  /** The attempts it was given, in order. */
  readonly attempts: readonly Attempt[];
}

/**
 * A function for `policy.call` that does another thing each time it is called; the last step goes on for ever.
 *
 * ```ts
 * import { policy } from '@redress/core';
 * import { failing, giving, instant, script } from '@redress/core/testing';
 *
 * const inventory = policy('inventory', { retry: { backoff: instant() } });
 * const getStock = script(failing(503), failing('ECONNRESET'), giving('in stock'));
 * await inventory.call(getStock); // 'in stock'
 * getStock.attempts.length; //        3
 * ```
 *
 * Throws a RangeError without a step.
 */
export function script<T>(...steps: readonly Step<T>[]): Scripted<T> {
  const last = steps.at(-1);
  if (last === undefined) throw new RangeError('a script needs at least one step');
  const attempts: Attempt[] = [];
  const scripted = async (attempt: Attempt): Promise<T> => {
    const step = steps[attempts.length] ?? last;
    attempts.push(attempt);
    return step(attempt);
  };
  return Object.assign(scripted, { attempts });
}

/** A step that throws: an Error with this HTTP `status`, with this system `code`, or the value itself. */
export function failing(what: unknown): Step<never> {
  return () => {
    if (typeof what === 'number') throw Object.assign(new Error(`status ${what}`), { status: what });
    if (typeof what === 'string') throw Object.assign(new Error(what), { code: what });
    throw what;
  };
}

/** A step that gives this result. */
export function giving<T>(value: T): Step<T> {
  return () => value;
}

/** A step that never ends by itself: when the attempt's signal fires it throws the signal's reason. */
export function hanging({ signal }: Attempt): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
