import { diag } from '@opentelemetry/api';
import { flushProviders } from './flushProviders.js';

/** Milliseconds the end waits for the last telemetry: below the 10 s that orchestrators tend to give and OTLP exporters take for one batch. */
const LIMIT_MS = 5_000;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Shuts the SDK down when the process ends: when nothing is left to do, or on SIGTERM and SIGINT. A collector that hangs
 * holds the end up for 5 s at most; what was not sent by then is lost.
 *
 * A signal still ends the process as it would have: once the telemetry is out it is raised again with its own default
 * action (exit status 128 + n); a second one ends it at once. When the application has a listener of its own it is the
 * application that decides when to end, perhaps after calls that are still to be seen: then what is pending is sent and
 * the SDK goes on.
 */
export function shutdownAtEnd(shutdownSdk: () => Promise<void>): () => Promise<void> {
  let ending: Promise<Ending> | undefined;
  const end = (): Promise<Ending> => (ending ??= endingOf(shutdownSdk()));

  process.once('beforeExit', () => {
    // The event loop was empty: what keeps the process from ending after the limit are requests of the SDK.
    void end().then((how) => how === 'late' && process.exit());
  });
  for (const signal of SIGNALS) {
    const onSignal = (): void => {
      if (process.listenerCount(signal) > 0) void flushProviders();
      else void end().then(() => process.kill(process.pid, signal));
    };
    process.once(signal, onSignal);
  }
  return async () => {
    await end();
  };
}

type Ending = 'sent' | 'failed' | 'late';

/** How a shutdown ends, within the limit; what was lost is told. */
async function endingOf(shutdown: Promise<void>): Promise<Ending> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, LIMIT_MS, 'late');
  });
  try {
    const how = await Promise.race([shutdown.then((): Ending => 'sent'), limit]);
    if (how === 'late') tellLost(`it takes longer than ${LIMIT_MS / 1000} s`);
    return how;
  } catch (error) {
    tellLost(error);
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

function tellLost(why: unknown): void {
  diag.warn('@redress/instrumentation-resilience/register: the SDK did not shut down cleanly, its last telemetry may be lost', why);
}
