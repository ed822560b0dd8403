import { processSlot } from './processSlot.js';
import type { PolicyTelemetry, Telemetry } from './Telemetry.js';

const nothing = (): undefined => undefined;

/** What a policy has where nothing was installed. */
class SilentPolicy implements PolicyTelemetry {
  readonly idle = true;
  active = 0;
  readonly circuit = nothing;
  readonly budget = nothing;
  readonly counter = nothing;
  readonly begin = nothing;
  readonly abandoned = nothing;
  readonly event = nothing;
  readonly dispose = nothing;

  constructor(readonly name: string) {}
}

const silent: Telemetry = {
  policy: ({ policy }) => new SilentPolicy(policy),
  gauges: () => ({ isNamed: false, dispose: nothing }),
  event: nothing,
  warn: nothing,
};

let make: (() => Telemetry) | undefined;

/** What makes the telemetry of the process when it is first asked for; `telemetry/otel` hangs itself in here. */
export function installTelemetry(maker: () => Telemetry): void {
  make = maker;
}

/** The telemetry of this process, shared by every copy of core that is loaded into it. */
export function telemetry(): Telemetry {
  return make === undefined ? silent : processSlot('telemetry', make);
}
