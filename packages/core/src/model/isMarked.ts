/** Whether a value is an object that carries a mark, by which two copies of core know what is theirs. Of what cannot be looked at: no. */
export function isMarked(value: unknown, mark: symbol): boolean {
  try {
    return typeof value === 'object' && value !== null && mark in value;
  } catch {
    return false;
  }
}
