export { Bulkhead } from './Bulkhead.js';
export { BulkheadFullError, type BulkheadFullErrorOptions } from './BulkheadFullError.js';
export type { BulkheadCallOption, BulkheadPriority } from './callOptions.js';
export type { BulkheadOptions } from './options.js';
export type { BulkheadOfPolicy, BulkheadOption } from './part.js';
