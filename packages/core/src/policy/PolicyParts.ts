import { chance } from '../backoff/chance.js';
import { AROUND } from '../around/list.js';
import { hedgeOf } from '../around/hedge/part.js';
import type { Clock } from '../model/Clock.js';
import { readBudget } from '../retry/budget/options.js';
import { attachBudget, isBudgetHeldTo, isRetryBudget, RetryBudget } from '../retry/budget/RetryBudget.js';
import { retriedClasses } from '../retry/decideRetry.js';
import { recorderOf, resolveRetry, type RetryOptions } from '../retry/options.js';
import type { Budget } from '../retry/budget/Budget.js';
import type { Plan } from '../runtime/Plan.js';
import { telemetry } from '../telemetry/port/processTelemetry.js';
import { METRIC_REDRESS_RETRY_BUDGET, METRIC_REDRESS_RETRY_BUDGET_LIMIT } from '../telemetry/port/semconv.js';
import type { GaugeObserver, PolicyTelemetry } from '../telemetry/port/Telemetry.js';
import { timersOf } from '../timers/timersOf.js';
import { makeAround, type PolicyAround, usualAround } from './around.js';
import { checkClocks, gateOf, makeGates, otherClock, type PolicyGate, type UsedGate, useGates } from './gates.js';
import { isDeepEqual } from './isDeepEqual.js';
import { checkOrder } from './order.js';
import { readPolicyOptions, resolveTimeouts } from './options.js';
import type { PolicyOptions } from './PolicyOptions.js';

/** A policy taken apart: its options as given, and what was made from them. */
export interface PolicyParts {
  readonly options: PolicyOptions<unknown>;
  readonly plan: Plan;
  readonly gates: readonly PolicyGate[];
  /** The gates as it uses them, the outermost first. */
  readonly inUse: readonly UsedGate[];
  readonly around: readonly PolicyAround[];
  readonly budget: RetryBudget | undefined;
  /** Its gauges; an update changes them under a telemetry that stays. */
  readonly gauges: PolicyGauges;
  /** Gates and budget are in use by it no more; harmless when told again. */
  release(): void;
}

/** What a policy's gauges are read from. */
class PolicyGauges {
  sources: readonly ((observer: GaugeObserver) => void)[] = [];

  observe(observer: GaugeObserver): void {
    for (const observe of this.sources) observe(observer);
  }
}

/**
 * Makes the parts of a policy. Of `previous`, the parts it had, gates and budget are kept, with all they know, where their options
 * did not change. `leaving` is what these parts take the place of, by an update or by name. Nothing is made, and nothing of either is
 * touched, when an option is wrong: it throws a TypeError.
 */
export function makeParts(name: string, given: PolicyOptions<unknown>, previous?: PolicyParts, leaving = previous): PolicyParts {
  const where = `policy ${name}`;
  const options = readPolicyOptions(where, given);
  const timeouts = resolveTimeouts(where, options);
  const retry = resolveRetry(options.retry);
  const budget = budgetOf(where, options, previous);
  const gates = makeGates(where, options, previous?.gates ?? []);
  const { clock, random = Math.random, keepAlive = true } = options;
  const aroundGiven = AROUND.filter(({ option }) => typeof Reflect.get(options, option) === 'object');
  checkOrder(where, options, gates, aroundGiven);
  checkClocks(where, gates, clock, leaving?.gates ?? []);
  if (budget !== undefined && isBudgetHeldTo(budget, clock, leaving?.budget === budget ? 1 : 0)) throw otherClock(where, 'retry.budget');
  const spent = budget && attachBudget(budget, clock);
  const engine = spent?.budget;
  const around = makeAround(options, { clock, random: () => chance(random) }, previous?.around ?? []);
  const gauges = previous?.gauges ?? new PolicyGauges();
  // Calls that run go on telling the telemetry they began with: it is kept, so that what it gauges of them stays right.
  const policyTelemetry: PolicyTelemetry = previous?.plan.telemetry ?? telemetry().policy({ policy: name }, gauges);
  const inUse = useGates(gates, options.order, { policy: name, telemetry: policyTelemetry, clock, random, timeouts });
  policyTelemetry.budget(engine && retriedClasses(retry));
  gauges.sources = [
    ...(engine === undefined ? [] : [budgetGauge(engine, clock)]),
    ...inUse.map((gate) => (observer: GaugeObserver) => gate.observe?.(observer)),
  ];
  const retryOptions = options.retry === false ? undefined : options.retry;
  return {
    options,
    gates,
    inUse,
    around,
    budget,
    gauges,
    release: () => {
      spent?.release();
      for (const gate of inUse) gate.release?.();
    },
    plan: {
      name,
      ...timeouts,
      retry,
      record: recorderOf(retry, tellRecord),
      budget: engine,
      around: usualAround(around),
      aroundAsked: around.map((one) => one.around),
      hedge: hedgeOf(where, options.hedge),
      callGate: gateOf(inUse, 'call'),
      attemptGate: gateOf(inUse, 'attempt'),
      classify: options.classify,
      classifyResult: options.classifyResult,
      sleep: retryOptions?.sleep,
      beforeSleep: retryOptions?.beforeSleep,
      clock,
      random,
      keepAlive,
      telemetry: policyTelemetry,
      pace: { eager: 0 },
    },
  };
}

function budgetOf(where: string, options: PolicyOptions<unknown>, previous: PolicyParts | undefined): RetryBudget | undefined {
  const given = budgetOption(options);
  if (given === false) return undefined;
  if (isRetryBudget(given)) return given;
  if (previous?.budget !== undefined && isDeepEqual(given, budgetOption(previous.options))) return previous.budget;
  return new RetryBudget(readBudget(`${where}, retry.budget`, given ?? {}));
}

function budgetOption(options: PolicyOptions<unknown>): RetryOptions['budget'] {
  return options.retry === false ? false : options.retry?.budget;
}

function budgetGauge(budget: Budget, clock: Clock | undefined): (observer: GaugeObserver) => void {
  return (observer) => {
    observer.observe(METRIC_REDRESS_RETRY_BUDGET, budget.balance(timersOf(clock).now()));
    observer.observe(METRIC_REDRESS_RETRY_BUDGET_LIMIT, budget.limit);
  };
}

function tellRecord(error: unknown): void {
  telemetry().warn('the record of a backoff failed', error);
}
