import { diag } from '@opentelemetry/api';
import { configFile } from '../configFile.js';
import { flushProviders } from './flushProviders.js';
import { firstRefusal } from './firstRefusal.js';

/** Milliseconds the end waits for the last telemetry: below the 10 s that orchestrators tend to give and OTLP exporters take for one batch. */
const LIMIT_MS = 5_000;

/** Milliseconds that are left to the rest once a collector turned out not to be there. */
const GRACE_MS = 500;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Shuts the SDK down when the process ends: when nothing is left to do, or on SIGTERM and SIGINT. A collector that hangs
 * holds the end up for 5 s at most, and one that is not there a script that is done for less than 1 s; what was not sent by then is lost.
 *
 * A signal still ends the process as it would have: once the telemetry is out it is raised again with its own default
 * action (exit status 128 + n); a second one ends it at once. When the application has a listener of its own it is the
 * application that decides when to end, perhaps after calls that are still to be seen: then what is pending is sent and
 * the SDK goes on.
 */
export function shutdownAtEnd(shutdownSdk: () => Promise<void>): () => Promise<void> {
  let ending: Promise<Ending> | undefined;
  const end = (unreachable?: Promise<string>): Promise<Ending> => (ending ??= endingOf(shutdownSdk(), unreachable));

  process.once('beforeExit', () => {
    // The event loop was empty: what keeps the process from ending after the limit are requests of the SDK.
    const refusal = firstRefusal();
    void end(refusal.seen).then((how) => {
      refusal.stop();
      if (how === 'late') process.exit();
    });
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
async function endingOf(shutdown: Promise<void>, unreachable: Promise<string> = new Promise(() => {})): Promise<Ending> {
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, why: string): Promise<string> => new Promise((resolve) => timers.push(setTimeout(resolve, ms, why)));
  const limit = after(LIMIT_MS, `it takes longer than ${LIMIT_MS / 1000} s`);
  // The SDK would try again for as long as it may; another signal's collector may well be there.
  const refused = unreachable.then((why) => after(GRACE_MS, why));
  try {
    const why = await Promise.race([shutdown.then(() => undefined), limit, refused]);
    if (why === undefined) return 'sent';
    tellLost(why);
    return 'late';
  } catch (error) {
    tellLost(error instanceof Error ? error.message : String(error));
    return 'failed';
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** In one sentence: to the SDK's log where somebody has asked for one, else to stderr. */
function tellLost(why: string): void {
  const told = `@redress/instrumentation-resilience/register: the SDK did not shut down cleanly, its last telemetry may be lost (${why})`;
  if (process.env['OTEL_LOG_LEVEL'] || configFile() !== undefined) diag.warn(told);
  else process.stderr.write(`${told}\n`);
}
