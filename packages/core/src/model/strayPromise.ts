/**
 * Whether a value is a promise, where nobody waits for one: its rejection is then told to `onRejected` instead of to the process, which
 * would end by it. Never throws.
 */
export function isStrayPromise(value: unknown, onRejected: (error: unknown) => void = ignore): boolean {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  try {
    const { then } = value as { readonly then?: unknown };
    if (typeof then !== 'function') return false;
    Reflect.apply(then, value, [ignore, onRejected]);
    return true;
  } catch (error) {
    onRejected(error);
    return true;
  }
}

function ignore(): void {}
