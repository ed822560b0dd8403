export { ResilienceInstrumentation } from './instrumentation.js';
export { ResilienceSpanProcessor, type StartedSpan } from './ResilienceSpanProcessor.js';
export type { ActiveConfig, ResilienceInstrumentationConfig } from './types.js';
