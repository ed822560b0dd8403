import type { Telemetry } from '../otel/Telemetry.js';
import { TelemetryHub } from '../otel/TelemetryHub.js';
import { processSlot } from './processSlot.js';

/** The telemetry of this process, shared by every copy of core that is loaded into it. */
export function telemetry(): Telemetry {
  return processSlot('telemetry', () => new TelemetryHub());
}
