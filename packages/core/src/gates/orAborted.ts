import { reasonOf } from '../model/reasonOf.js';
import type { Refusal } from '../model/Refusal.js';
import type { Lease, Queued } from './Gate.js';

/**
 * What a queue says in the end, unless the signal fires before: it then rejects with the reason, and waits no more. A signal of somebody's
 * own making may throw: the place is kept neither by one that cannot be listened to, nor lost by one that cannot be let go. `unneeded` is
 * told of a lease that came when the signal had fired.
 */
export async function orAborted(line: Queued, signal: AbortSignal | undefined, unneeded: (lease: Lease) => void): Promise<Lease | Refusal> {
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
    void line.ready.then((answer) => {
      forget(signal, stop);
      // It fired after the place was given and before anybody could take it.
      if (!fired) resolve(answer);
      else if (answer.kind === 'lease') unneeded(answer);
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
