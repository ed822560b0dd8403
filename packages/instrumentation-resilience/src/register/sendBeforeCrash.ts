import { flushProviders } from './flushProviders.js';

/** Milliseconds that a crash waits for the telemetry that explains it. */
const LIMIT_MS = 1_000;

const EVENT = 'uncaughtException';

/**
 * An exception that nobody caught, such as the rejection of a call that nobody awaits, ends the process before its last spans are sent. Here
 * they are sent first, for a second at most; then the exception is thrown again, and the process dies of it as it would have. When the
 * application has a listener of its own it is the application that decides: then what is pending is sent, and no more.
 */
export function sendBeforeCrash(): void {
  let state: 'living' | 'sending' | 'dying' = 'living';
  const onException = (error: unknown): void => {
    if (state !== 'living') return; // the first one is what it dies of
    if (process.listenerCount(EVENT) > 1) return void flushProviders();
    state = 'sending';
    const die = (): void => {
      if (state === 'dying') return;
      state = 'dying';
      clearTimeout(limit);
      process.removeListener(EVENT, onException);
      // In a turn of its own, or it would be one more rejection.
      setImmediate(() => {
        throw error;
      });
    };
    const limit = setTimeout(die, LIMIT_MS);
    void flushProviders().then(die);
  };
  process.on(EVENT, onException);
}
