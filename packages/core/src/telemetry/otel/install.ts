import { processSlot } from '../port/processSlot.js';
import { installTelemetry } from '../port/processTelemetry.js';
import type { OtelTelemetry } from './OtelTelemetry.js';
import { TelemetryHub } from './TelemetryHub.js';

/** The telemetry of this process, shared by every copy of core that is loaded into it. */
export function telemetry(): OtelTelemetry {
  return processSlot('telemetry', () => new TelemetryHub());
}

/** From now on `telemetry()` of the port gives this one, so that core emits without an instrumentation. */
export function install(): void {
  installTelemetry(telemetry);
}
