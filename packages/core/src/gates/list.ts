import { bulkhead, type BulkheadOfHealth, type BulkheadOfPolicy, type BulkheadOption } from './bulkhead/part.js';
import { circuitBreaker, type CircuitBreakerOfHealth, type CircuitBreakerOfPolicy, type CircuitBreakerOption } from './breaker/part.js';
import type { GatePart } from './GatePart.js';

/** Every gate that a policy may have, the outermost first. */
export const GATES: readonly GatePart[] = [bulkhead, circuitBreaker];

/** The options of a policy that are gates. */
export interface GateOptions extends BulkheadOption, CircuitBreakerOption {}

/** The gates of a policy, by option; undefined where it was made without. */
export interface PolicyGates extends BulkheadOfPolicy, CircuitBreakerOfPolicy {}

/** How the gates of a policy stand, by option; absent where it was made without. */
export interface GateHealths extends BulkheadOfHealth, CircuitBreakerOfHealth {}
