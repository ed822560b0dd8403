import type { Lease } from '../Gate.js';
import type { InLine } from './BulkheadGate.js';

/** The place that a queue gives in the end, unless the signal fires before: it then rejects with the reason, and waits no more. */
export function orAborted(line: InLine, signal: AbortSignal | undefined): Promise<Lease> {
  if (signal === undefined) return line.ready;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      line.cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    void line.ready.then((place) => {
      signal.removeEventListener('abort', stop);
      // It fired after the place was given and before anybody could take it.
      if (signal.aborted) place.freed?.();
      else resolve(place);
    });
  });
}
