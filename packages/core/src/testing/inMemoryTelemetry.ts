import { anObject, check } from '../model/rules.js';
import type { TelemetryConfig } from '../telemetry/otel/TelemetryConfig.js';
import { shareContext } from './sharedContext.js';
import { startInMemorySdk } from './startInMemorySdk.js';
import { TelemetryHarness } from './TelemetryHarness.js';

/** How an in-memory harness is made. */
export interface InMemoryTelemetryOptions {
  /** What core emits, as for the instrumentation; the defaults are the same. */
  readonly config?: TelemetryConfig | undefined;
}

let present: TelemetryHarness | undefined;
let opening: Promise<unknown> = Promise.resolve();

/**
 * Binds core to OpenTelemetry's SDK with everything kept in memory, so that a test can say what was emitted.
 *
 * ```ts
 * import { policy } from '@redress/core';
 * import { failing, FakeClock, fixed, giving, inMemoryTelemetry, script } from '@redress/core/testing';
 *
 * const telemetry = await inMemoryTelemetry();
 * const clock = new FakeClock();
 * const inventory = policy('inventory', { clock, retry: { maxAttempts: 3, backoff: fixed(100, 200) } });
 *
 * await clock.until(inventory.call(script(failing(503), failing(503), giving('in stock')), { operation: 'get-stock' }));
 *
 * telemetry.expectOneCall('get-stock').attempts(3).rescuedAt(3).waited(100, 200).events('retry', 'retry', 'success');
 * await telemetry.counter('redress.retries', { 'error.class': 'SERVER_ERROR' }); // 2
 * await telemetry.conserve();
 * await telemetry.shutdown();
 * ```
 *
 * Needs `@opentelemetry/sdk-trace`, `@opentelemetry/sdk-metrics` and `@opentelemetry/sdk-logs` (2.12 / 0.223, or 3.x) and rejects with
 * an Error that names the one to install when one is missing. Nothing global is registered but a context manager, if there is none.
 *
 * One harness at a time is bound: a new one takes over, and the older one keeps what it had and gets nothing more. Spans of calls that
 * were begun before still go to where they began. A policy belongs to no harness: its gauges, and the time in state of its circuit, are
 * seen by each one that is bound while it lives (`dispose()` it), and the binding of an instrumentation is not put back by `shutdown`.
 */
export function inMemoryTelemetry(options: InMemoryTelemetryOptions = {}): Promise<TelemetryHarness> {
  const opened = opening.then(() => open(check('inMemoryTelemetry', options, { config: anObject }).config ?? {}));
  opening = opened.catch(() => undefined);
  return opened;
}

async function open(config: TelemetryConfig): Promise<TelemetryHarness> {
  const sdk = await startInMemorySdk();
  await present?.hold();
  present = new TelemetryHarness(sdk, config, shareContext());
  return present;
}
