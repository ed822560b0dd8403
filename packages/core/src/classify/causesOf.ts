import { read } from './read.js';

/** A getter may make a new cause each time it is asked, and errors may share one long list; a real chain is never this long. */
export const MOST_CAUSES = 100;

/** Where a wrapper has what it wraps, beside `cause`: Sequelize's and TypeORM's. */
const HOLDERS = ['driverError', 'original'] as const;

/**
 * An error with all that it was caused by, outermost first: itself, its `cause`, the `errors` of an AggregateError, and so on. Each once,
 * so that cycles end, and no more than {@link MOST_CAUSES}; level by level instead of recursively, so that depth costs no stack.
 */
export function causesOf(error: unknown): ReadonlySet<unknown> {
  const found = new Set([error]);
  // A Set hands out what is added while it is walked.
  for (const each of found) {
    for (const next of reasonsOf(each)) {
      if (found.size === MOST_CAUSES) return found;
      found.add(next);
    }
  }
  return found;
}

/** What an error was caused by, one level deep: its `cause`, what it wraps, and the `errors` of an AggregateError. */
export function reasonsOf(error: unknown): readonly unknown[] {
  const reasons = [...errorsOf(error)];
  for (const holder of HOLDERS) {
    const wrapped = read(error, holder);
    if (typeof wrapped === 'object' && wrapped !== null) reasons.unshift(wrapped);
  }
  const cause = read(error, 'cause');
  if (cause !== undefined) reasons.unshift(cause);
  return reasons;
}

/** What an AggregateError holds, or enough of it to be too much; empty for anything else. */
export function errorsOf(error: unknown): readonly unknown[] {
  const errors = read(error, 'errors');
  try {
    return Array.isArray(errors) ? errors.slice(0, MOST_CAUSES + 1) : [];
  } catch {
    return []; // an array behind a proxy that throws
  }
}
