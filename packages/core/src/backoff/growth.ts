import { check, hold, waitMs } from '../model/rules.js';

/** Bounds of a backoff that grows. */
export interface GrowthOptions {
  /** Milliseconds it starts from; at least 0. Default 250, or `maxMs` when that is smaller. */
  readonly baseMs?: number | undefined;
  /** Milliseconds it never exceeds; not below `baseMs`. Default 5_000, or `baseMs` when that is larger. */
  readonly maxMs?: number | undefined;
}

/** Validated bounds. A default gives way to what was given, so that one option alone is never a contradiction. */
export function growthOf(where: string, options: GrowthOptions, defaultMaxMs = 5_000): { readonly baseMs: number; readonly maxMs: number } {
  return boundsOf(where, check(where, options, { baseMs: waitMs, maxMs: waitMs }), defaultMaxMs);
}

export function boundsOf(where: string, options: GrowthOptions, defaultMaxMs: number): { readonly baseMs: number; readonly maxMs: number } {
  const baseMs = options.baseMs ?? Math.min(250, options.maxMs ?? 250);
  const maxMs = options.maxMs ?? Math.max(defaultMaxMs, baseMs);
  hold(where, 'baseMs', baseMs, { must: `at most maxMs (${maxMs})`, holds: () => baseMs <= maxMs });
  return { baseMs, maxMs };
}

/** `baseMs` × `factor` ^ (attempt − 1), at most `maxMs`: finite and 0 for a base of 0, however many attempts there were. */
export function grown(baseMs: number, maxMs: number, factor: number, attempt: number): number {
  return Math.min(maxMs, baseMs * Math.min(factor ** (attempt - 1), Number.MAX_VALUE));
}
