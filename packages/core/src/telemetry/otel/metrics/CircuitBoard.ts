import { CircuitState } from '../../../model/CircuitState.js';
import type { CircuitSource, CircuitTelemetry } from '../CircuitTelemetry.js';
import type { Diagnostics } from '../Diagnostics.js';
import type { Limits } from '../ResolvedConfig.js';
import { type EmittedAttributes, OTHER } from './CounterRows.js';
import { ATTR_CIRCUIT_NAME, ATTR_CIRCUIT_STATE } from '../../semconv.js';

const STATES: readonly CircuitState[] = Object.values(CircuitState);

type PerState = Record<CircuitState, number>;
type FrozenAttributes = Readonly<EmittedAttributes>;

/** Takes what the board reads; the observable instruments of a meter provider, in production. */
export interface CircuitObserver {
  state(value: number, attributes: FrozenAttributes): void;
  timeInState(seconds: number, attributes: FrozenAttributes): void;
  failureRate(value: number, attributes: FrozenAttributes): void;
}

/** The series of one circuit name; they outlive the circuit, since the SDK exports for ever what was observed once. */
interface Series {
  readonly attributes: FrozenAttributes;
  readonly perState: Readonly<Record<CircuitState, FrozenAttributes>>;
  /** The live circuit of that name. */
  source: CircuitSource | undefined;
  /** Milliseconds that earlier circuits of that name spent in each state: a counter must not fall when a circuit goes. */
  readonly spentBefore: PerState;
}

/** Every circuit of the process. Four series each, so a quarter of `maxRows` have a name of their own and the rest share `_other`. */
export class CircuitBoard {
  private readonly named = new Map<string, Series>();
  private readonly others = new Map<string, CircuitSource>();
  private readonly other = series(OTHER);
  private anyOther = false;

  constructor(
    private readonly limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {}

  add(source: CircuitSource): CircuitTelemetry {
    const { name } = source;
    const known = this.named.get(name);
    if (known !== undefined) {
      this.retire(known);
      known.source = source;
    } else if (name !== OTHER && this.named.size < Math.floor(this.limits.maxRows / 4) - 1) {
      const added = series(name);
      added.source = source;
      this.named.set(name, added);
    } else {
      this.diagnostics.warnOnce(
        `more than ${this.named.size} circuits (a quarter of maxRows): series of the rest are summed into circuit.name ${OTHER}`,
      );
      this.retireOther(this.others.get(name));
      this.others.set(name, source);
      this.anyOther = true;
    }
    return { dispose: () => this.remove(source) };
  }

  observe(observer: CircuitObserver): void {
    for (const series of this.named.values()) {
      const { source, perState, spentBefore } = series;
      const state = source === undefined ? undefined : this.stateOf(source);
      const time = source === undefined ? undefined : this.timeOf(source);
      for (const each of STATES) {
        observer.state(each === state ? 1 : 0, perState[each]);
        observer.timeInState((spentBefore[each] + (time?.[each] ?? 0)) / 1_000, perState[each]);
      }
      observer.failureRate(source === undefined ? 0 : this.rateOf(source), series.attributes);
    }
    if (this.anyOther) this.observeOthers(observer);
  }

  private observeOthers(observer: CircuitObserver): void {
    const inState: PerState = zeros();
    const time: PerState = { ...this.other.spentBefore };
    let rate = this.others.size === 0 ? 0 : Number.NaN;
    for (const source of this.others.values()) {
      const state = this.stateOf(source);
      if (state !== undefined) inState[state]++;
      addTo(time, this.timeOf(source));
      const own = this.rateOf(source);
      if (!(own <= rate) && !Number.isNaN(own)) rate = own;
    }
    for (const each of STATES) {
      observer.state(inState[each], this.other.perState[each]);
      observer.timeInState(time[each] / 1_000, this.other.perState[each]);
    }
    observer.failureRate(rate, this.other.attributes);
  }

  private remove(source: CircuitSource): void {
    const known = this.named.get(source.name);
    if (known?.source === source) this.retire(known);
    if (this.others.get(source.name) === source) {
      this.retireOther(source);
      this.others.delete(source.name);
    }
  }

  private retire(series: Series): void {
    if (series.source !== undefined) addTo(series.spentBefore, this.timeOf(series.source));
    series.source = undefined;
  }

  private retireOther(source: CircuitSource | undefined): void {
    if (source !== undefined) addTo(this.other.spentBefore, this.timeOf(source));
  }

  private stateOf(source: CircuitSource): CircuitState | undefined {
    try {
      return source.state();
    } catch (error) {
      this.diagnostics.warnOnce('reading the state of a circuit threw', error);
      return undefined;
    }
  }

  private timeOf(source: CircuitSource): Readonly<PerState> | undefined {
    try {
      return source.timeInState();
    } catch (error) {
      this.diagnostics.warnOnce('reading the time in state of a circuit threw', error);
      return undefined;
    }
  }

  private rateOf(source: CircuitSource): number {
    try {
      return source.failureRate();
    } catch (error) {
      this.diagnostics.warnOnce('reading the failure rate of a circuit threw', error);
      return 0;
    }
  }
}

function zeros(): PerState {
  return { closed: 0, open: 0, half_open: 0, forced_open: 0 };
}

function addTo(sum: PerState, time: Readonly<PerState> | undefined): void {
  if (time === undefined) return;
  for (const each of STATES) sum[each] += time[each];
}

function series(name: string): Series {
  const of = (state: CircuitState): FrozenAttributes => Object.freeze({ [ATTR_CIRCUIT_NAME]: name, [ATTR_CIRCUIT_STATE]: state });
  return {
    attributes: Object.freeze({ [ATTR_CIRCUIT_NAME]: name }),
    perState: { closed: of('closed'), open: of('open'), half_open: of('half_open'), forced_open: of('forced_open') },
    source: undefined,
    spentBefore: zeros(),
  };
}
