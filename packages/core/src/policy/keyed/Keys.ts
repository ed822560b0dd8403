import type { Gate } from '../../gates/Gate.js';
import type { GateHandle, GateInUse, GateOfKey, GatesOfKeys } from '../../gates/GatePart.js';
import { BudgetByClock } from '../../retry/budget/BudgetByClock.js';
import type { Plan } from '../../runtime/Plan.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import { METRIC_REDRESS_RETRY_BUDGET, METRIC_REDRESS_RETRY_BUDGET_LIMIT } from '../../telemetry/port/semconv.js';
import type { GaugeObserver, PolicyTelemetry } from '../../telemetry/port/Telemetry.js';
import { timersOf } from '../../timers/timersOf.js';
import type { Drained } from '../drain/Drain.js';
import { isDraining } from '../drain/DrainGate.js';
import { aroundHandleOf } from '../around.js';
import { gateOf } from '../gates.js';
import { healthOf, type Standing } from '../health/healthOf.js';
import type { PolicyHealth } from '../health/PolicyHealth.js';
import type { PolicyOptions } from '../PolicyOptions.js';
import { type KeyedParts, makeKeyedParts, releaseKeyedParts } from './KeyedParts.js';
import { type KeyedHealth, keyedHealth } from './keyedHealth.js';
import { KeySet } from './KeySet.js';
import { type KeyHome, KeyState } from './KeyState.js';
import { MergedGauges } from './MergedGauges.js';

/** What new keys share when there is no room for them. */
const OVERFLOW = '_other';

/** A plan in which little is other than in another: it has no more than that, for every key has one. */
function planOver(plan: Plan, own: Partial<Plan>): Plan {
  const over: Plan = Object.create(plan);
  return Object.assign(over, own);
}

/** The keys of one keyed policy, and what each of them is made of. */
export class Keys implements KeyHome, Drained {
  readonly set: KeySet<KeyState>;
  private parts: KeyedParts;
  /** What stands before all calls, made of the gate that a key has there. */
  private before: ((gate: Gate | undefined) => Gate | undefined) | undefined;
  /** For keys that there is no room for; never forgotten, but with the policy. */
  private overflow: KeyState | undefined;

  constructor(
    readonly name: string,
    options: PolicyOptions<unknown>,
    private readonly maxKeys: number,
    idleMs: number,
  ) {
    this.parts = makeKeyedParts(name, options);
    this.set = new KeySet(maxKeys, idleMs, (state) => state.clear());
    this.gauge();
  }

  get options(): PolicyOptions<unknown> {
    return this.parts.options;
  }

  get telemetry(): PolicyTelemetry {
    return this.parts.shared.plan.telemetry;
  }

  now(): number {
    return timersOf(this.parts.shared.plan.clock).now();
  }

  /** The state that a key has; else one that is not among the keys before its first call. */
  stateOf(key: string): KeyState {
    return this.set.get(key) ?? new KeyState(key, this);
  }

  update(options: PolicyOptions<unknown>): void {
    const before = this.parts;
    this.parts = makeKeyedParts(this.name, options, before);
    for (const state of this.set.values()) this.planOf(state);
    if (this.overflow !== undefined) this.planOf(this.overflow);
    releaseKeyedParts(before, this.parts);
    this.gauge();
  }

  /** Forgets everything. */
  dispose(): void {
    for (const state of [...this.set.values()]) this.set.forget(state);
    this.overflow?.clear();
    this.overflow = undefined;
    this.telemetry.dispose();
    releaseKeyedParts(this.parts, undefined);
  }

  planFor(state: KeyState): Plan {
    const live = this.living(state);
    const plan = this.planOf(live);
    return live === this.overflow ? planOver(plan, { telemetry: state }) : plan;
  }

  standBefore(gateOf: (before: Gate | undefined) => Gate | undefined): void {
    this.before = gateOf;
    for (const state of [...this.set.values(), ...(this.overflow === undefined ? [] : [this.overflow])]) {
      if (state.made !== undefined) state.made = planOver(state.made, { callGate: gateOf(state.made.callGate) });
    }
  }

  /** Of the keys together. */
  stats(): KeyedHealth {
    const { gates, shared } = this.parts;
    const ofAll = gates.flatMap(({ part, one }) => (one === undefined ? [] : [[part, one.inUse] as const]));
    const standing = { ...this.standing(shared.plan.budget, ofAll), inFlight: this.telemetry.active };
    const states = [...this.set.values(), ...(this.overflow === undefined ? [] : [this.overflow])];
    const { policy: name } = standing;
    return keyedHealth(
      healthOf(standing),
      states.map((state) => healthOf({ ...this.ownStanding(state), policy: name, draining: false })),
    );
  }

  statsOf(state: KeyState): PolicyHealth {
    return healthOf(this.ownStanding(this.set.get(state.key) ?? state));
  }

  private ownStanding(state: KeyState): Standing {
    const gates = state.gates.flatMap((gate) => {
      const found = this.parts.gates.find(({ each }) => each === gate.gates);
      return found === undefined ? [] : [[found.part, gate] as const];
    });
    return { ...this.standing(state.made?.budget, gates), inFlight: state.active };
  }

  private standing(budget: Plan['budget'], gates: Standing['gates']): Omit<Standing, 'inFlight'> {
    const { options, shared } = this.parts;
    const draining = isDraining(this.before?.(undefined));
    return { policy: this.name, critical: options.critical === true, draining, budget, clock: shared.plan.clock, gates };
  }

  aroundOf(option: string): object | undefined {
    return aroundHandleOf(this.parts.shared.around, option);
  }

  handleOf(state: KeyState, option: string): GateHandle | undefined {
    const gate = this.parts.gates.find(({ part }) => part.option === option);
    if (gate?.each === undefined) return gate?.one?.handle;
    return this.gateOf(state, gate.each)?.handle;
  }

  gateOf(state: KeyState, gates: GatesOfKeys): GateOfKey | undefined {
    const live = this.living(state);
    this.planOf(live);
    return live.gates.find((gate) => gate.gates === gates);
  }

  began(state: KeyState): void {
    this.set.began(state);
  }

  ended(state: KeyState): void {
    if (state.isLive) this.set.ended(state, this.now());
  }

  forget(state: KeyState): void {
    const live = this.set.get(state.key);
    if (live !== undefined) this.set.forget(live);
  }

  /** The state that a call goes by: its own, that of whoever has the key now, or the overflow's. */
  private living(state: KeyState): KeyState {
    const nowMs = this.now();
    this.set.sweep(nowMs);
    if (state.isLive) return state;
    const other = this.set.get(state.key);
    if (other !== undefined) return other;
    if (this.set.admit(state, nowMs)) return state;
    return this.shared();
  }

  private shared(): KeyState {
    if (this.overflow === undefined) {
      this.overflow = new KeyState(OVERFLOW, this);
      telemetry().warn(
        `keyed policy ${this.name} has ${this.maxKeys} keys (maxKeys) and none that is idle and well: new keys share one circuit and one budget, ${this.name}/${OVERFLOW}`,
      );
    }
    return this.overflow;
  }

  /** Made at its first call, and anew by an update. */
  private planOf(state: KeyState): Plan {
    const { parts } = this;
    if (state.made !== undefined && state.parts === parts) return state.made;
    const { plan } = parts.shared;
    // Exactly as long as it is: a list that was pushed to has room for sixteen more.
    const own = parts.each.map((gates) => {
      const before = state.gates.find((gate) => gate.gates === gates);
      return before === undefined ? gates.use(state) : (before.renew?.() ?? before);
    });
    for (const gate of state.gates) if (!parts.each.includes(gate.gates)) gate.forget();
    const inUse = parts.gates.flatMap(({ each, one, scope }): GateInUse[] => {
      const gate = each === undefined ? one?.inUse : own[parts.each.indexOf(each)];
      return gate === undefined ? [] : [{ gate: gate.gate, scope: scope ?? gate.scope }];
    });
    state.made = planOver(plan, {
      budget: this.budgetFor(state),
      callGate: this.gateBefore(gateOf(inUse, 'call')),
      attemptGate: gateOf(inUse, 'attempt'),
      telemetry: state,
    });
    state.gates = own;
    state.parts = parts;
    return state.made;
  }

  private gateBefore(gate: Gate | undefined): Gate | undefined {
    return this.before === undefined ? gate : this.before(gate);
  }

  private budgetFor(state: KeyState): Plan['budget'] {
    const { makeBudget, budget, shared, reader } = this.parts;
    if (makeBudget === undefined) return shared.plan.budget;
    if (state.parts?.budget === budget) return state.made?.budget;
    return new BudgetByClock(makeBudget(), reader);
  }

  private gauge(): void {
    const { gauges } = this.parts.shared;
    gauges.sources = [...gauges.sources, (observer) => this.observe(observer)];
  }

  /** Of all keys together. Whoever collects lets go of what is idle, too: there is no timer that would. */
  private observe(observer: GaugeObserver): void {
    this.set.sweepAll(this.now());
    const { gates, makeBudget } = this.parts;
    const merged = new MergedGauges();
    if (makeBudget !== undefined) {
      // As much as a key has that is yet to come; no key has more.
      const { limit } = makeBudget();
      merged.observe(METRIC_REDRESS_RETRY_BUDGET, limit);
      merged.observe(METRIC_REDRESS_RETRY_BUDGET_LIMIT, limit);
    }
    for (const { one } of gates) one?.inUse.observe?.(merged);
    for (const state of this.set.values()) this.observeKey(state, merged);
    if (this.overflow !== undefined) this.observeKey(this.overflow, merged);
    merged.tell(observer);
  }

  private observeKey({ gates, made, parts }: KeyState, merged: MergedGauges): void {
    for (const gate of gates) gate.observe?.(merged);
    if (parts?.budget !== undefined && made?.budget !== undefined)
      merged.observe(METRIC_REDRESS_RETRY_BUDGET, made.budget.balance(this.now()));
  }
}
