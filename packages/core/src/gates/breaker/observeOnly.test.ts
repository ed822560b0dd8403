import { createRegistry } from '../../policy/Registry.js';
import { withStatus } from '../../runtime/fixtures/script.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
afterAll(() => telemetry.shutdown());

describe('the gauges of a circuit', () => {
  it.each([
    { observeOnly: true, mark: true },
    { observeOnly: false, mark: undefined },
  ])('[breaker.observe-only-marked] carry redress.observe_only $mark with observeOnly: $observeOnly', async ({ observeOnly, mark }) => {
    const name = `observing ${observeOnly}`;
    const clock = new FakeClock();
    const policy = createRegistry().policy(name, { clock, retry: false, circuitBreaker: { observeOnly } });
    await clock.until(policy.settle(() => Promise.reject(withStatus(503))));
    const rows = (await telemetry.metrics()).filter(({ attributes }) => attributes['circuit.name'] === name);
    const gauges = rows.filter((row) => row.name.startsWith('redress.circuit.'));
    expect(new Set(gauges.map((row) => row.name))).toEqual(
      new Set(['redress.circuit.state', 'redress.circuit.time_in_state', 'redress.circuit.failure_ratio']),
    );
    expect(gauges.map(({ attributes }) => attributes['redress.observe_only'])).toEqual(gauges.map(() => mark));
  });
});
