export { Bulkhead } from './Bulkhead.js';
export type { BulkheadHealth, BulkheadOfHealth } from './BulkheadHealth.js';
export { BulkheadFullError, type BulkheadFullErrorOptions } from './BulkheadFullError.js';
export type { BulkheadCallOption, BulkheadPriority } from './callOptions.js';
export type { BulkheadOptions } from './options.js';
export type { BulkheadOfPolicy, BulkheadOption } from './part.js';
