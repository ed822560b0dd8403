import type { PolicyTelemetry } from '../../telemetry/port/Telemetry.js';

/**
 * Calls back each time no call of a policy is under way any more, until the returned function is called. Calls count themselves as they do
 * at any time: the number is watched in its place, so that nobody pays for a drain that is not there.
 */
export function watchActive(telemetry: PolicyTelemetry, onNone: () => void): () => void {
  let { active } = telemetry;
  const property = { configurable: true, enumerable: true };
  Object.defineProperty(telemetry, 'active', {
    ...property,
    get: () => active,
    set: (value: number) => {
      active = value;
      if (value <= 0) onNone();
    },
  });
  return () => Object.defineProperty(telemetry, 'active', { ...property, writable: true, value: active });
}
