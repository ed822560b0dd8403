import { read } from './read.js';

/** A getter may make a new cause each time it is asked; a real chain is never this long. */
export const MOST_CAUSES = 100_000;

/**
 * An error with all that it was caused by, outermost first: itself, its `cause`, the `errors` of an AggregateError, and so on. Each once,
 * so that cycles end; level by level instead of recursively, so that depth costs no stack.
 */
export function causesOf(error: unknown): ReadonlySet<unknown> {
  const found = new Set([error]);
  // A Set hands out what is added while it is walked.
  for (const each of found) {
    if (found.size > MOST_CAUSES) break;
    const cause = read(each, 'cause');
    if (cause !== undefined) found.add(cause);
    for (const one of errorsOf(each)) found.add(one);
  }
  return found;
}

/** What an AggregateError holds; empty for anything else. */
export function errorsOf(error: unknown): readonly unknown[] {
  const errors = read(error, 'errors');
  try {
    return Array.isArray(errors) ? errors.slice(0, MOST_CAUSES) : [];
  } catch {
    return []; // an array behind a proxy that throws
  }
}
