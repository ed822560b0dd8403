export type { BreakerSnapshot, CircuitBreakerJSON, SnapshotState } from './BreakerSnapshot.js';
export { CircuitBreaker } from './CircuitBreaker.js';
export { CircuitOpenError, type CircuitOpenErrorOptions } from './CircuitOpenError.js';
export type { CircuitBreakerOptions } from './options.js';
export type { CircuitBreakerOfPolicy, CircuitBreakerOption } from './part.js';
export type { ConsecutiveTrip } from './trips/consecutive.js';
export type { CountTrip } from './trips/count.js';
export type { TripOptions } from './trips/index.js';
export type { RateTrip } from './trips/rate.js';
