export { CallExpectation } from './CallExpectation.js';
export type { Conserved } from './conserve.js';
export type {
  EmittedEvent,
  EmittedHistogram,
  EmittedLink,
  EmittedLog,
  EmittedNumber,
  EmittedSeries,
  EmittedSpan,
} from './Emitted.js';
export { FakeCircuit, fakeCircuit, type FakeCircuitOptions } from './FakeCircuit.js';
export { FakeClock, type FakeClockOptions } from './FakeClock.js';
export { calling, type FakeAnswer, type FakePolicy, fakePolicy, type Refusing, refusing } from './fakePolicy.js';
export type { FakeTimer } from './FakeTimer.js';
export { fixed, instant } from './fixedBackoffs.js';
export { inMemoryTelemetry, type InMemoryTelemetryOptions } from './inMemoryTelemetry.js';
export { type RecordedCall, type RecordedOutcome, recordPolicy, type RecordingPolicy } from './recordPolicy.js';
export { failing, giving, hanging, script, type Scripted, type Step } from './script.js';
export { seededRandom } from './seededRandom.js';
export { TelemetryAssertionError } from './TelemetryAssertionError.js';
export type { TelemetryHarness } from './TelemetryHarness.js';
