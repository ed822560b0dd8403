import { CircuitState as STATES, type CircuitState } from '../../model/CircuitState.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import {
  ATTR_CIRCUIT_NAME,
  ATTR_REDRESS_OBSERVE_ONLY,
  METRIC_REDRESS_CIRCUIT_FAILURE_RATIO,
  METRIC_REDRESS_CIRCUIT_STATE,
  METRIC_REDRESS_CIRCUIT_TIME_IN_STATE,
} from '../../telemetry/port/semconv.js';
import type { GaugeKind, GaugeObserver } from '../../telemetry/port/Telemetry.js';
import type { CircuitBreakerEngine } from './CircuitBreakerEngine.js';

/** On the gauges of a circuit that refuses nothing, so that nobody is woken by it. */
export const OBSERVING = { [ATTR_REDRESS_OBSERVE_ONLY]: true };

/** Four rows a circuit: one a state. */
export const CIRCUITS: GaugeKind = { attribute: ATTR_CIRCUIT_NAME, rowsEach: 4, keptBack: 1 / 3, plural: 'circuits' };

/** Reads the gauges of a circuit; `before` are the milliseconds in each state that were told elsewhere. */
export function observeCircuit(
  engine: CircuitBreakerEngine,
  nowMs: number,
  observer: GaugeObserver,
  before?: Readonly<Record<CircuitState, number>>,
): void {
  const state = engine.stateAt(nowMs);
  const times = engine.timeInState(nowMs);
  for (const each of Object.values(STATES)) {
    observer.observe(METRIC_REDRESS_CIRCUIT_STATE, each === state ? 1 : 0, each);
    observer.observe(METRIC_REDRESS_CIRCUIT_TIME_IN_STATE, (times[each] - (before?.[each] ?? 0)) / 1_000, each);
  }
  const ratio = engine.failureRatio(nowMs);
  if (ratio !== undefined) observer.observe(METRIC_REDRESS_CIRCUIT_FAILURE_RATIO, ratio);
}

export function tellBackoff(error: unknown, threw: boolean): void {
  telemetry().warn(threw ? 'recoveryMs threw; it counts as 0 ms' : 'recoveryMs gave no time; the default serves', error);
}
