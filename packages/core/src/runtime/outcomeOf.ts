import { causesOf } from '../classify/causesOf.js';
import { OUTCOME } from '../model/errors/RedressError.js';
import type { Outcome } from '../model/Outcome.js';
import { processSlot } from '../telemetry/port/processSlot.js';

/**
 * The outcome of the call that rejected with this error, or with one that it was made from: its `cause`, the `errors` of an AggregateError,
 * what a client wraps, at any depth, a hundred of them at most; the outermost counts. Undefined for anything else. Of several calls that
 * rejected with one error, the last. Never throws.
 */
export function outcomeOf(error: unknown): Outcome<never> | undefined {
  const own = outcomeAt(error);
  if (own !== undefined) return own;
  for (const cause of causesOf(error)) {
    const found = outcomeAt(cause);
    if (found !== undefined) return found;
  }
  return undefined;
}

function outcomeAt(error: unknown): Outcome<never> | undefined {
  if (!isKept(error)) return undefined;
  return (ownOutcome(error) ?? foreign().get(error)) as Outcome<never> | undefined;
}

/** Remembers with what outcome a call rejected, for as long as its error lives: our own errors carry it, for others there is a map. */
export function rememberOutcome(error: unknown, outcome: Outcome<never>): void {
  if (!isKept(error)) return;
  if (!setOwnOutcome(error, outcome)) foreign().set(error, outcome);
}

/** What can have an outcome: anything but a primitive. */
function isKept(error: unknown): error is object {
  return (typeof error === 'object' && error !== null) || typeof error === 'function';
}

/** One map for all copies of core, since an error may pass from one to the other. */
function foreign(): WeakMap<object, object> {
  return processSlot('outcomes', () => new WeakMap<object, object>());
}

/** An error of ours, of whichever copy of core, has a place for it; what inherits from one without having been made by its constructor has not. */
interface Carrier {
  [OUTCOME]?: object | undefined;
}

function ownOutcome(error: Carrier): object | undefined {
  try {
    return error[OUTCOME];
  } catch {
    return undefined;
  }
}

function setOwnOutcome(error: Carrier, outcome: object): boolean {
  try {
    if (!(OUTCOME in error)) return false;
    error[OUTCOME] = outcome;
    return true;
  } catch {
    return false; // a proxy, or what only inherits from one of ours
  }
}
