import type { CircuitState } from '../../model/CircuitState.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { EventName } from '../../model/EventName.js';
import { ATTR_CIRCUIT_NAME, ATTR_CIRCUIT_STATE } from '../../telemetry/port/semconv.js';

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
