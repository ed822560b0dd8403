import { metrics, trace } from '@opentelemetry/api';
import { createRegistry } from '@redress/core';
import { startInMemorySdk } from '../packages/core/src/testing/startInMemorySdk.js';
import { handwritten } from './subjects/handwritten.js';
import { succeed } from './subjects/loop.js';

/** What the SDK was told by one call, without the times. */
async function emittedBy(call: (fn: () => Promise<number>) => Promise<unknown>, counted: readonly string[]) {
  const sdk = await startInMemorySdk();
  trace.setGlobalTracerProvider(sdk.tracerProvider);
  metrics.setGlobalMeterProvider(sdk.meterProvider);
  try {
    await call(succeed);
    const spans = sdk.spans().map(({ name, kind, attributes, status, events }) => ({
      name,
      kind,
      attributes,
      status,
      events: events.map((event) => [event.name, event.attributes]),
    }));
    // Rows that are 0 from the start cost a call nothing.
    const series = (await sdk.series())
      .filter((each) => counted.includes(each.name) && !(each.kind === 'counter' && each.value === 0))
      .map(({ name, attributes }) => ({ name, attributes }));
    return { spans, series: series.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  } finally {
    trace.disable();
    metrics.disable();
    await sdk.shutdown();
  }
}

describe('the function written by hand', () => {
  it('emits what redress emits for a successful call', async () => {
    const counted = ['redress.attempts', 'redress.events', 'redress.retry.duration'];
    const policy = createRegistry().policy('inventory', { circuitBreaker: {} });
    const byRedress = await emittedBy((fn) => policy.call(fn), counted);
    const byHand = await emittedBy((fn) => handwritten('inventory', 'inventory').traced(fn, undefined), counted);

    expect(byRedress.spans).toHaveLength(1);
    expect(byRedress.series.map(({ name }) => name)).toEqual(counted);
    expect(byHand).toEqual(byRedress);
  });
});
