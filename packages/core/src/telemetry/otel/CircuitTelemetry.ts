import type { CircuitState } from '../../model/CircuitState.js';

/** What a circuit's gauges are read from, at collection. None of them may throw; one that does reads as 0. */
export interface CircuitSource {
  /** `circuit.name`. */
  readonly name: string;
  /** The state now: half-open by itself when its time has come. */
  state(): CircuitState;
  /** Milliseconds in each state since the circuit was made. */
  timeInState(): Readonly<Record<CircuitState, number>>;
  /** Share of failed calls in the window; NaN below the minimum of calls. */
  failureRate(): number;
}

/** One circuit's telemetry. */
export interface CircuitTelemetry {
  /** The circuit is gone: its gauges read 0 from now on; its time in state stays as it was. */
  dispose(): void;
}
