interface Immediates {
  set(callback: () => void): unknown;
  clear(handle: unknown): void;
}

// Taken at load, so that fake timers which are switched on later do not stop it; ones that already are leave these marks.
const immediates = immediatesOf(Reflect.get(globalThis, 'setImmediate'), Reflect.get(globalThis, 'clearImmediate'));

function immediatesOf(set: unknown, clear: unknown): Immediates | undefined {
  if (typeof set !== 'function' || typeof clear !== 'function' || 'clock' in set || set.name.startsWith('bound ')) return undefined;
  return {
    set: (callback) => Reflect.apply(set, undefined, [callback]),
    clear: (handle) => void Reflect.apply(clear, undefined, [handle]),
  };
}

/**
 * Calls back in the next turn of the event loop, when timers and I/O have had theirs. Gives what takes that back; undefined where the
 * runtime has no such thing, and a timer has to do. `keepsAlive`: the process stays alive for it.
 */
export function nextTurn(callback: () => void, keepsAlive: boolean): (() => void) | undefined {
  if (immediates === undefined) return undefined;
  const { set, clear } = immediates;
  const handle = set(callback);
  if (!keepsAlive && typeof handle === 'object' && handle !== null && 'unref' in handle && typeof handle.unref === 'function')
    handle.unref();
  return () => clear(handle);
}
