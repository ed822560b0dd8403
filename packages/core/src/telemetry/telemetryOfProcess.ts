import type { Telemetry } from './Telemetry.js';
import { TelemetryHub } from './TelemetryHub.js';
import { processSlot } from './processSlot.js';

/** The telemetry of this process, shared by every copy of core that is loaded into it. */
export function telemetry(): Telemetry {
  return processSlot('telemetry', () => new TelemetryHub());
}
