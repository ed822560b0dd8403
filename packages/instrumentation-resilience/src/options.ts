import { checkTelemetryOptions, TELEMETRY_OPTIONS, type TelemetryOption } from '@redress/core/telemetry';

/** The one option of the instrumentation's own. */
export const enabled: TelemetryOption<boolean> = { must: 'true or false', holds: (value) => typeof value === 'boolean', fallback: true };

/** Every option, in the order of the README's table. */
export const OPTIONS: Readonly<Record<string, TelemetryOption>> = { enabled, ...TELEMETRY_OPTIONS };

/**
 * Refuses a wrong option with its name, its value and its rule. It throws, because a wrong option is a mistake in the
 * program that its first start shows; nothing that happens later can make it throw.
 *
 * @throws TypeError
 */
export function checkOptions(config: unknown): void {
  if (typeof config !== 'object' || config === null) {
    const shown = typeof config === 'string' ? JSON.stringify(config) : String(config);
    throw new TypeError(`ResilienceInstrumentation: its options must be an object; got ${shown}`);
  }
  checkTelemetryOptions('ResilienceInstrumentation', config, { enabled });
}
