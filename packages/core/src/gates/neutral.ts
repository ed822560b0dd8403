import { isRefusal } from '../model/errors/instanceOf.js';
import type { Verdict } from './Gate.js';

/**
 * A refusal by a gate inside the function says nothing about the dependency of one around it, and neither does a failure of which nobody
 * could say what it was because its judge failed: that is a bug on this side.
 */
export function neutral<V extends Verdict>(verdict: V): V | 'none' {
  return typeof verdict === 'object' && (verdict.neutral === true || isRefusal(verdict.error)) ? 'none' : verdict;
}
