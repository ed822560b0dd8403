/** Whether two options say the same: by value through objects and lists, functions by identity; undefined counts as absent. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isDeepEqual(Reflect.get(a, key), Reflect.get(b, key)));
}
