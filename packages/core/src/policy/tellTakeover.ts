import { telemetry } from '../telemetry/port/processTelemetry.js';

/** A policy for each request gets here in no time; a module that is loaded anew at each change of its source, or a test file, does not. */
const OVER_AND_OVER = 100;

let isSaid = false;

/**
 * A policy took a name over for the `times`th time. It is told through `diag`; what is made over and over is told audibly, too, once in a
 * process: its breaker never opens and its budget is always full, and nothing else shows that.
 */
export function tellTakeover(name: string, times: number): void {
  telemetry().warn(`policy ${name} was made again; the new one takes the name over, with a state of its own`);
  if (times !== OVER_AND_OVER || isSaid) return;
  isSaid = true;
  const runtime: unknown = Reflect.get(globalThis, 'process');
  if (typeof runtime !== 'object' || runtime === null || !('emitWarning' in runtime) || typeof runtime.emitWarning !== 'function') return;
  const text = `policy ${name} was made ${times + 1} times: each new one forgets what the one before knew, so its circuit never opens. Make it once, outside of what is called often.`;
  const options = { type: 'RedressWarning', code: 'REDRESS_POLICY_MADE_AGAIN' };
  try {
    Reflect.apply(runtime.emitWarning, runtime, [text, options]);
  } catch (error) {
    telemetry().warn('process.emitWarning threw', error);
  }
}
