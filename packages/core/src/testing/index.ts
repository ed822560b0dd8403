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
export { FakeClock, type FakeClockOptions } from './FakeClock.js';
export type { FakeTimer } from './FakeTimer.js';
export { fixed, instant } from './fixedBackoffs.js';
export { inMemoryTelemetry, type InMemoryTelemetryOptions } from './inMemoryTelemetry.js';
export { failing, giving, hanging, script, type Scripted, type Step } from './script.js';
export { seededRandom } from './seededRandom.js';
export { TelemetryAssertionError } from './TelemetryAssertionError.js';
export type { TelemetryHarness } from './TelemetryHarness.js';
