/**
 * `node --import @redress/instrumentation-resilience/register app.js`, or `--require`: starts an OpenTelemetry SDK from the
 * standard OTEL_ environment variables, with ResilienceInstrumentation in it and resend counts on HTTP client spans.
 *
 * It is CommonJS for both: `--import` takes that as well, `--require` has to be done before the application's first line,
 * and one copy of the SDK's packages is better than two.
 */
import { startSdk } from './startSdk.js';

/** Sends what is pending and shuts the SDK down. For applications that end with `process.exit()`: await it before. Never rejects. */
export const shutdown: () => Promise<void> = startSdk();
