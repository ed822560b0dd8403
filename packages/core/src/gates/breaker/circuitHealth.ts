import type { CircuitState } from '../../model/CircuitState.js';
import type { GateHealth, GateTrouble } from '../GateHealth.js';
import type { CircuitBreakerEngine } from './CircuitBreakerEngine.js';

/** How a circuit stands. */
export interface CircuitHealth {
  /** `circuit.name` in telemetry. */
  readonly name: string;
  /** The state now; open turns half-open by itself once its time has come. */
  readonly state: CircuitState;
  /** Milliseconds until it lets a probe through: 0 while half-open; null while closed, and while forced open, for as long as nobody resets it. */
  readonly probeInMs: number | null;
  /** It refuses nothing, whatever its state. */
  readonly observeOnly: boolean;
}

/** Part of a policy's health, where it has a circuit breaker. */
export interface CircuitBreakerOfHealth {
  /** Its circuit; absent when it was made without one. */
  readonly circuitBreaker?: CircuitHealth;
}

/** How the circuit of an engine stands. A look moves nothing: a state that is over by now is so without it, too. */
export function circuitHealth(name: string, engine: CircuitBreakerEngine, nowMs: number): GateHealth {
  const { observeOnly } = engine.settings;
  const state = engine.stateAt(nowMs);
  const probeInMs = state === 'open' || state === 'half_open' ? engine.retryAfterMs(nowMs) : null;
  const stats: CircuitHealth = { name, state, probeInMs, observeOnly };
  // A trial that refuses nothing is not to change what anybody does.
  return { stats, trouble: observeOnly ? undefined : circuitTrouble(stats) };
}

/**
 * What is wrong with a circuit that is not closed. One that is half-open refuses, too, but for its probes; it needs calls to close, and would
 * not get any where it was taken for one that can take none.
 */
export function circuitTrouble({ name, state, probeInMs }: CircuitHealth): GateTrouble | undefined {
  if (state === 'closed') return undefined;
  if (state === 'half_open') return { what: `Circuit ${name} is half-open: probes say whether it closes.`, refuses: false };
  if (state === 'forced_open') return { what: `Circuit ${name} is forced open: it refuses calls until it is reset.`, refuses: true };
  const seconds = Math.ceil((probeInMs ?? 0) / 100) / 10;
  return { what: `Circuit ${name} is open: it refuses calls, and lets a probe through in ${seconds} s.`, refuses: true };
}
