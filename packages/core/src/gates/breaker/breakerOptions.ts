import { recoveryBackoff } from '../../backoff/recoveryBackoff.js';
import type { BreakerSettings, ResolvedTrip } from './BreakerSettings.js';
import { ErrorClass } from '../../model/ErrorClass.js';
import type { CircuitBreakerOptions, CountTrip, RateTrip } from '../../policy/PolicyOptions.js';
import {
  aBoolean,
  aFunction,
  aName,
  anObject,
  atLeastOne,
  check,
  listOf,
  milliseconds,
  oneOf,
  share,
  wrong,
  type Rule,
  type Rules,
} from '../../model/rules.js';

export const errorClasses: readonly ErrorClass[] = Object.values(ErrorClass);

/** A record with a rule for what it holds, by error class. */
export const byClass = (rule: Rule): Rules => Object.fromEntries(errorClasses.map((errorClass) => [errorClass, rule]));

const tripTypes = oneOf(['rate', 'count', 'consecutive']);

const tripRules: { readonly [type: string]: Rules } = {
  rate: {
    type: tripTypes,
    failureRate: share,
    minimumCalls: atLeastOne,
    windowMs: milliseconds,
    windowCalls: atLeastOne,
    slowCallMs: milliseconds,
    slowCallRate: share,
  },
  count: { type: tripTypes, failures: atLeastOne, windowMs: milliseconds, failuresByClass: anObject },
  consecutive: { type: tripTypes, failures: atLeastOne },
};

const optionRules: Rules = {
  name: aName,
  trip: anObject,
  tripOn: listOf(oneOf(errorClasses)),
  recoveryMs: { must: `${milliseconds.must}, or a backoff`, holds: (value) => milliseconds.holds(value) || aFunction.holds(value) },
  probes: atLeastOne,
  successThreshold: atLeastOne,
  maxProbeMs: milliseconds,
  scope: oneOf(['attempt', 'call']),
  observeOnly: aBoolean,
};

/** Milliseconds open before the first probe, when nothing else is said. */
const RECOVERY_MS = 5_000;

/**
 * Milliseconds a probe keeps its place beyond the time its attempt has. The timeout reports the failure itself; were the place given
 * away at the same moment, that failure would be a stale one, and a circuit under load would never reopen on a hang.
 */
const PROBE_SLACK_MS = 1_000;

/** The timeouts of the policy a breaker stands in. */
export interface Timeouts {
  readonly timeoutMs: number;
  readonly attemptTimeoutMs: number;
}

/** Milliseconds, when a policy says nothing. */
export const DEFAULT_TIMEOUTS: Timeouts = { timeoutMs: 30_000, attemptTimeoutMs: 10_000 };

/** Checks a breaker's options and fills in the defaults. Throws a TypeError that names the option, the value and the rule. */
export function resolveBreaker(where: string, options: CircuitBreakerOptions, timeouts: Timeouts): BreakerSettings {
  check(where, options, optionRules);
  const { recoveryMs = RECOVERY_MS } = options;
  const probeMs = options.scope === 'call' ? timeouts.timeoutMs : Math.min(timeouts.attemptTimeoutMs, timeouts.timeoutMs);
  return {
    trip: resolveTrip(where, options),
    tripOn: new Set(options.tripOn ?? [ErrorClass.TRANSIENT, ErrorClass.SERVER_ERROR]),
    recovery: typeof recoveryMs === 'function' ? recoveryMs : recoveryBackoff(recoveryMs),
    probes: options.probes ?? 1,
    successThreshold: options.successThreshold ?? 1,
    maxProbeMs: options.maxProbeMs ?? Math.max(typeof recoveryMs === 'number' ? recoveryMs : RECOVERY_MS, probeMs + PROBE_SLACK_MS),
    observeOnly: options.observeOnly ?? false,
  };
}

function resolveTrip(where: string, { trip = { type: 'rate' } }: CircuitBreakerOptions): ResolvedTrip {
  const rules = Object.hasOwn(tripRules, trip.type) ? tripRules[trip.type] : undefined;
  if (rules === undefined) throw wrong(where, 'trip.type', tripTypes.must, trip.type);
  check(where, trip, rules, 'trip.');
  switch (trip.type) {
    case 'rate':
      return resolveRate(where, trip);
    case 'count':
      return resolveCount(where, trip);
    case 'consecutive':
      if (trip.failures === undefined) throw wrong(where, 'trip.failures', atLeastOne.must, undefined);
      return { type: 'consecutive', failures: trip.failures };
  }
}

function resolveRate(where: string, trip: RateTrip): ResolvedTrip {
  const { windowMs, windowCalls, slowCallMs, slowCallRate, minimumCalls } = trip;
  if (windowMs !== undefined && windowCalls !== undefined) throw wrong(where, 'trip.windowMs', 'absent beside trip.windowCalls', windowMs);
  if (slowCallRate !== undefined && slowCallMs === undefined)
    throw wrong(where, 'trip.slowCallMs', 'given beside trip.slowCallRate', slowCallMs);
  const common = { type: 'rate', failureRate: trip.failureRate ?? 0.5, slowCallMs, slowCallRate } as const;
  if (windowCalls === undefined) return { ...common, minimumCalls: minimumCalls ?? 20, windowMs: windowMs ?? 30_000 };
  if (minimumCalls !== undefined && minimumCalls > windowCalls) {
    throw wrong(where, 'trip.minimumCalls', `at most trip.windowCalls (${windowCalls}), or the circuit could never open`, minimumCalls);
  }
  return { ...common, minimumCalls: minimumCalls ?? Math.min(20, windowCalls), windowCalls };
}

function resolveCount(where: string, { failures, windowMs, failuresByClass = {} }: CountTrip): ResolvedTrip {
  if (failures === undefined) throw wrong(where, 'trip.failures', atLeastOne.must, failures);
  if (windowMs === undefined) throw wrong(where, 'trip.windowMs', milliseconds.must, windowMs);
  check(where, failuresByClass, byClass(atLeastOne), 'trip.failuresByClass.');
  return { type: 'count', failures, windowMs, failuresByClass: { ...failuresByClass } };
}
