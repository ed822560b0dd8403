import { reasonOf } from '../../model/reasonOf.js';
import type { Lease } from '../Gate.js';
import type { InLine } from './BulkheadGate.js';

/**
 * The place that a queue gives in the end, unless the signal fires before: it then rejects with the reason, and waits no more. A signal of
 * somebody's own making may throw: the place is kept neither by one that cannot be listened to, nor lost by one that cannot be let go.
 */
export function orAborted(line: InLine, signal: AbortSignal | undefined): Promise<Lease> {
  if (signal === undefined) return line.ready;
  return new Promise((resolve, reject) => {
    let fired = false;
    const stop = (): void => {
      fired = true;
      line.cancel();
      reject(reasonOf(signal));
    };
    try {
      signal.addEventListener('abort', stop, { once: true });
    } catch (error) {
      line.cancel();
      throw error;
    }
    void line.ready.then((place) => {
      forget(signal, stop);
      // It fired after the place was given and before anybody could take it.
      if (fired) place.freed?.();
      else resolve(place);
    });
  });
}

function forget(signal: AbortSignal, listener: () => void): void {
  try {
    signal.removeEventListener('abort', listener);
  } catch {
    // Its listener then stays, and ends nothing.
  }
}
