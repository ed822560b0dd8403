import type { CircuitState } from '../../model/CircuitState.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { EventName } from '../../model/EventName.js';
import {
  ATTR_CIRCUIT_NAME,
  ATTR_CIRCUIT_STATE,
  ATTR_REDRESS_CIRCUIT_CALLS,
  ATTR_REDRESS_CIRCUIT_FAILURE_RATIO,
  ATTR_REDRESS_CIRCUIT_OPEN_FOR,
  ATTR_REDRESS_CIRCUIT_SLOW_CALL_RATIO,
  ATTR_REDRESS_CIRCUIT_TRIP_REASON,
  ATTR_REDRESS_RETRY_AFTER,
} from '../../telemetry/port/semconv.js';
import type { BreakerTransition } from './BreakerTransition.js';
import { SLOW_CALLS } from './trips/Trip.js';

/** The event of a circuit's change into each state. */
export const TRANSITION_EVENT: Readonly<Record<CircuitState, EventName>> = {
  closed: 'circuit_closed',
  open: 'circuit_opened',
  half_open: 'circuit_half_open',
  forced_open: 'circuit_opened',
};

/** What every event of a circuit says. */
export function circuitFacts(name: string, state: CircuitState): EmittedAttributes {
  return { [ATTR_CIRCUIT_NAME]: name, [ATTR_CIRCUIT_STATE]: state };
}

/** What the event of a transition says; of one that opened the circuit also why, by what, and for how long. */
export function transitionFacts(name: string, { to, reason, retryAfterMs, window }: BreakerTransition): EmittedAttributes {
  const facts = circuitFacts(name, to);
  if (TRANSITION_EVENT[to] !== 'circuit_opened') return facts;
  facts[ATTR_REDRESS_CIRCUIT_TRIP_REASON] = reason;
  if (window !== undefined) {
    facts[ATTR_REDRESS_CIRCUIT_CALLS] = window.calls;
    facts[ATTR_REDRESS_CIRCUIT_FAILURE_RATIO] = window.failureRatio;
    if (reason === SLOW_CALLS) facts[ATTR_REDRESS_CIRCUIT_SLOW_CALL_RATIO] = window.slowCallRatio;
  }
  if (retryAfterMs !== undefined) facts[ATTR_REDRESS_CIRCUIT_OPEN_FOR] = inSeconds(retryAfterMs);
  return facts;
}

/** What a refusal says: also when it is worth trying again, which of a circuit forced open nobody knows. */
export function refusalFacts(name: string, state: CircuitState, retryAfterMs: number): EmittedAttributes {
  const facts = circuitFacts(name, state);
  return retryAfterMs < Infinity ? { [ATTR_REDRESS_RETRY_AFTER]: inSeconds(retryAfterMs), ...facts } : facts;
}

/** On events nobody reads more than three places. */
function inSeconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
