import type { ErrorClass } from '../../model/ErrorClass.js';
import { classOfCode, meansNoConnection } from '../codes.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';

/** What a client means by an error of its own. */
export interface Meaning {
  readonly errorClass: ErrorClass;
  /** Its own code or name for it, which is its `error.type`; undefined where it has none. */
  readonly type?: string | undefined;
  /** Milliseconds it asks to wait, where it says so elsewhere than in headers. */
  readonly retryAfterMs?: number | undefined;
  /** Whether it proves that nothing was done. */
  readonly unprocessed?: true | undefined;
}

/**
 * Knows the errors of one client, by their shape: undefined for any other error, and for one of its own of which it knows nothing. It goes
 * before statuses and system codes, so it must not speak where these say more. Reads through `read` alone; never throws.
 */
export type Client = (facts: ErrorFacts) => Meaning | undefined;

/** What an error with a code of its client's means that only wraps another: what the code of the other says, TRANSIENT where that says nothing. */
export function meaningOfWrapped(code: string, wrapped: unknown): Meaning {
  const inner = read(wrapped, 'code');
  const known = typeof inner === 'string' ? classOfCode(inner, read(wrapped, 'syscall')) : undefined;
  if (typeof inner !== 'string' || known === undefined) return { errorClass: 'TRANSIENT', type: code };
  return { errorClass: known, type: inner, unprocessed: meansNoConnection(inner) || undefined };
}

/** A table of words: which class each of them means. */
export type Words = ReadonlyMap<unknown, ErrorClass>;

/** Makes a table of rows such as `{ AUTH: 'NOAUTH WRONGPASS' }`. */
export function words(rows: Partial<Readonly<Record<ErrorClass, string>>>): Words {
  const found = new Map<string, ErrorClass>();
  for (const [errorClass, row] of Object.entries(rows)) for (const word of row.split(' ')) found.set(word, errorClass as ErrorClass);
  return found;
}

/** The same of numbers: `{ CONCURRENCY: [1205, 1213] }`. */
export function numbers(rows: Partial<Readonly<Record<ErrorClass, readonly number[]>>>): ReadonlyMap<unknown, ErrorClass> {
  const found = new Map<number, ErrorClass>();
  for (const [errorClass, row] of Object.entries(rows)) for (const number of row) found.set(number, errorClass as ErrorClass);
  return found;
}
