import { circuitBreaker, type CircuitBreakerOfPolicy, type CircuitBreakerOption } from './breaker/part.js';
import type { GatePart } from './GatePart.js';

/** Every gate that a policy may have, the outermost first. */
export const GATES: readonly GatePart[] = [circuitBreaker];

/** The options of a policy that are gates. */
export interface GateOptions extends CircuitBreakerOption {}

/** The gates of a policy, by option; undefined where it was made without. */
export interface PolicyGates extends CircuitBreakerOfPolicy {}
