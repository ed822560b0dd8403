/** How long a collection with 1,000 circuits blocks the loop: core's share of it, and the whole. */
import { metrics } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { createRegistry } from '@redress/core';
import { report, tiny } from '../report.js';

const CIRCUITS = tiny ? 10 : 1_000;
const COLLECTIONS = tiny ? 3 : 101;

class Reader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

/** Keeps core's callbacks, so that they can be run without the SDK's `observe`, which makes a key of each set of attributes. */
const callbacks = [];
const reader = new Reader();
const provider = new MeterProvider({ readers: [reader] });
const getMeter = provider.getMeter.bind(provider);
provider.getMeter = (...args) => {
  const meter = getMeter(...args);
  const addBatch = meter.addBatchObservableCallback.bind(meter);
  meter.addBatchObservableCallback = (callback, observables) => {
    callbacks.push(callback);
    addBatch(callback, observables);
  };
  return meter;
};
metrics.setGlobalMeterProvider(provider);

const registry = createRegistry();
for (let number = 0; number < CIRCUITS; number++) {
  await registry.policy(`dependency-${number}`, { circuitBreaker: {} }).call(async () => number);
}

let observed = 0;
const unheard = { observe: () => observed++ };
const core = [];
const whole = [];
for (let number = 0; number < COLLECTIONS; number++) {
  const startedAt = performance.now();
  for (const callback of callbacks) callback(unheard);
  const coreDoneAt = performance.now();
  await reader.collect();
  core.push(coreDoneAt - startedAt);
  whole.push(performance.now() - coreDoneAt);
}
const median = (samples) => samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)];
const share = median(core);

report({
  title: `A collection with ${CIRCUITS.toLocaleString('en')} circuits`,
  unit: 'ms',
  rows: [
    {
      name: "core's share",
      value: share,
      options: `its callbacks; they observe ${Math.round(observed / COLLECTIONS).toLocaleString('en')} values`,
    },
    { name: 'the whole collection', value: median(whole), options: "core's share, and the SDK's work on what it observed" },
  ],
  bars: [{ what: "core's share, ms", value: share, atMost: 5 }],
});
