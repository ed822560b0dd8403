import { isRefusal } from '../model/errors/instanceOf.js';
import type { Verdict } from './Gate.js';

/** A refusal by a gate inside the function says nothing about the dependency of one around it. */
export function neutral<V extends Verdict>(verdict: V): V | 'none' {
  return typeof verdict === 'object' && isRefusal(verdict.error) ? 'none' : verdict;
}
