import { isDeepEqual } from './isDeepEqual.js';
import type { PolicyRuntime } from '../runtime/Plan.js';
import { timersOf } from '../timers/timersOf.js';
import { type PolicyTelemetry, telemetry } from '../telemetry/index.js';
import { resolveBreaker, type Timeouts } from '../gates/breaker/breakerOptions.js';
import { resolveBudget } from '../retry/budget/budgetOptions.js';
import { attach, CircuitBreaker, isCircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { recorderOf, resolveRetry, resolveTimeouts } from './resolve.js';
import type { PolicyOptions, RetryOptions } from './PolicyOptions.js';
import { attachBudget, isRetryBudget, RetryBudget } from '../retry/budget/RetryBudget.js';

/** A policy taken apart: its options as given, and what was made from them. */
export interface PolicyParts {
  readonly options: PolicyOptions;
  readonly runtime: PolicyRuntime;
  readonly circuitBreaker: CircuitBreaker | undefined;
  readonly budget: RetryBudget | undefined;
  readonly budgetGauge: BudgetGauge | undefined;
}

/** What the gauge of the budget is read from: an update changes it under a telemetry that stays. */
interface BudgetGauge {
  read(): number;
}

/**
 * Makes the parts of a policy. Of `previous`, the parts it had, breaker and budget are kept, with all they know, where their options
 * did not change. Nothing is made, and nothing of `previous` is touched, when an option is wrong: it throws a TypeError.
 */
export function makeParts(name: string, options: PolicyOptions, previous?: PolicyParts): PolicyParts {
  const where = `policy ${name}`;
  const timeouts = resolveTimeouts(where, options);
  const retry = resolveRetry(where, options.retry);
  const budget = budgetOf(where, options, previous);
  const circuitBreaker = breakerOf(where, options, timeouts, previous);
  const { clock, random = Math.random, keepAlive = true } = options;
  const engine = budget && attachBudget(budget, clock);
  const read = engine && (() => engine.balance(timersOf(clock).now()));
  const budgetGauge = read && (previous?.budgetGauge ?? { read });
  const policyTelemetry = telemetryOf(name, budgetGauge, previous);
  if (read && budgetGauge) budgetGauge.read = read;
  const gate =
    circuitBreaker &&
    attach(circuitBreaker, { circuit: circuitNameOf(name, options), telemetry: policyTelemetry, clock, random, timeouts });
  const retryOptions = options.retry === false ? undefined : options.retry;
  return {
    options,
    circuitBreaker,
    budget,
    budgetGauge,
    runtime: {
      name,
      ...timeouts,
      retry,
      record: recorderOf(retry),
      budget: engine,
      breaker: gate,
      breakerScope: circuitBreaker?.scope ?? 'attempt',
      classify: options.classify,
      classifyResult: options.classifyResult,
      sleep: retryOptions?.sleep,
      beforeSleep: retryOptions?.beforeSleep,
      clock,
      random,
      keepAlive,
      telemetry: policyTelemetry,
    },
  };
}

/** Calls that run go on telling the telemetry they began with: it is kept, so that what it gauges of them stays right. */
function telemetryOf(name: string, budgetGauge: BudgetGauge | undefined, previous: PolicyParts | undefined): PolicyTelemetry {
  if (previous !== undefined && previous.budgetGauge === budgetGauge) return previous.runtime.telemetry;
  return telemetry().policy(name, budgetGauge === undefined ? {} : { budget: () => budgetGauge.read() });
}

/** The breaker that goes when the policy does: one that it made. One that was handed to it, or that `next` goes on with, lives on. */
export function ownBreaker({ circuitBreaker, options }: PolicyParts, next?: PolicyParts): CircuitBreaker | undefined {
  return isCircuitBreaker(options.circuitBreaker) || circuitBreaker === next?.circuitBreaker ? undefined : circuitBreaker;
}

function breakerOf(
  where: string,
  options: PolicyOptions,
  timeouts: Timeouts,
  previous: PolicyParts | undefined,
): CircuitBreaker | undefined {
  const given = options.circuitBreaker;
  if (given === undefined || given === false) return undefined;
  if (isCircuitBreaker(given)) return given;
  if (previous?.circuitBreaker !== undefined && isDeepEqual(given, previous.options.circuitBreaker)) return previous.circuitBreaker;
  resolveBreaker(`${where}, circuitBreaker`, given, timeouts);
  // It gets its name with its owner: one that had it now would show itself at once, and begin to age by another clock.
  return new CircuitBreaker({ ...given, name: undefined });
}

/** What a breaker that has no name is called: as its options say, else like the policy. */
function circuitNameOf(policy: string, { circuitBreaker }: PolicyOptions): string {
  const named = circuitBreaker !== false && !isCircuitBreaker(circuitBreaker) ? circuitBreaker?.name : undefined;
  return named ?? policy;
}

function budgetOf(where: string, options: PolicyOptions, previous: PolicyParts | undefined): RetryBudget | undefined {
  const given = budgetOption(options);
  if (given === false) return undefined;
  if (isRetryBudget(given)) return given;
  if (previous?.budget !== undefined && isDeepEqual(given, budgetOption(previous.options))) return previous.budget;
  resolveBudget(`${where}, retry.budget`, given ?? {});
  return new RetryBudget(given);
}

function budgetOption(options: PolicyOptions): RetryOptions['budget'] {
  return options.retry === false ? false : options.retry?.budget;
}
