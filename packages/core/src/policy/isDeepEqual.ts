import { isPlain } from '../model/rules.js';

/** Whether two options say the same: by value through plain objects and lists; functions, and what has a class, by identity; undefined counts as absent. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  // What a class keeps to itself nobody sees, and what it shows may lead anywhere.
  if (!Array.isArray(a) && !(isPlain(a) && isPlain(b))) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isDeepEqual(Reflect.get(a, key), Reflect.get(b, key)));
}
