/** State of a circuit: `circuit.state` in telemetry. */
export const CircuitState = {
  CLOSED: 'closed',
  OPEN: 'open',
  HALF_OPEN: 'half_open',
  FORCED_OPEN: 'forced_open',
} as const;

/** One of the four circuit states; `forceClose()` shows as `closed`. */
export type CircuitState = (typeof CircuitState)[keyof typeof CircuitState];
