import { causesOf } from './causesOf.js';

/**
 * Gives an error what it came of as its cause, unless it has one, or what it came of leads to the error itself. Never throws: what cannot be
 * given one, such as a frozen error, stays as it is.
 */
export function giveCause(error: unknown, cause: unknown): void {
  try {
    if (error instanceof Error && error.cause === undefined && cause !== undefined && !causesOf(cause).has(error))
      Object.defineProperty(error, 'cause', { value: cause, writable: true, configurable: true, enumerable: false });
  } catch {
    // Frozen, or of a strange kind.
  }
}
