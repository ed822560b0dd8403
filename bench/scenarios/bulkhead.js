/** What a bulkhead costs a call that it lets through. */
import { measureGate } from '../subjects/throughGate.js';

await measureGate('a bulkhead', { bulkhead: { maxConcurrent: 100 } }, 'bulkhead.maxConcurrent 100');
