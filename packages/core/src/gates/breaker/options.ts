import { recoveryBackoff } from '../../backoff/recoveryBackoff.js';
import type { Backoff } from '../../model/Backoff.js';
import { ErrorClass } from '../../model/ErrorClass.js';
import {
  aBoolean,
  aFunction,
  aName,
  anObject,
  atLeastOne,
  check,
  errorClasses,
  listOf,
  milliseconds,
  oneOf,
  type Rules,
} from '../../model/rules.js';
import { properName } from '../../model/properName.js';
import type { Timeouts } from '../../model/Timeouts.js';
import type { BreakerSettings } from './BreakerSettings.js';
import { RECOVERY_MS, waitUnderFunction, waitUnderNumber } from './openTime.js';
import type { OnTransition } from './TransitionListener.js';
import { resolveTrip, type TripOptions } from './trips/index.js';

/** When a circuit opens, and how it closes again. */
export interface CircuitBreakerOptions {
  /** `circuit.name` in telemetry. Default: the name of the first policy that uses it. */
  readonly name?: string | undefined;
  /** What opens it: one of the trips below. Default `{ type: 'rate' }`: half of at least 20 calls in 30 s, or 20 failures in a row. */
  readonly trip?: TripOptions | undefined;
  /** Classes that count as failures. Default TRANSIENT, SERVER_ERROR and UNKNOWN, which is what a plain Error is; one whose classifier threw counts for nothing. */
  readonly tripOn?: readonly ErrorClass[] | undefined;
  /** Milliseconds open before a probe. Default 5_000. A number doubles once, after the first failed probe, ±20 %; a backoff is given the openings in a row as `attempt`, and for NaN, a promise or no number, which is told through `diag`, the default serves. A failure that opens it and carries a wait (Retry-After) keeps it open so long, at most twice the number, or 60_000 beyond what the backoff says. */
  readonly recoveryMs?: number | Backoff | undefined;
  /** Probes that may run at once. Default 1; at least 1. */
  readonly probes?: number | undefined;
  /** Successful probes that close the circuit. Default 1; at least 1. */
  readonly successThreshold?: number | undefined;
  /** Milliseconds after which a probe that never settled gives its place back. Default: the larger of `recoveryMs` and 1_000 more than an attempt may take (of scope `call`: a call) in any policy that uses it now. */
  readonly maxProbeMs?: number | undefined;
  /** `attempt`: each attempt counts. `call`: stands outside retry and counts a call once. Default `attempt`, unless the policy's `order` says otherwise. */
  readonly scope?: 'attempt' | 'call' | undefined;
  /** `true`: tells what it would have done and refuses nothing. Default `false`. */
  readonly observeOnly?: boolean | undefined;
  /** Acts when the circuit changes its state: called after the change, in no caller's async context; what it throws or rejects with is told through `diag`. Not with `observeOnly`. Default: none. */
  readonly onTransition?: OnTransition | undefined;
}

const rules: Rules = {
  name: aName,
  trip: anObject,
  tripOn: listOf(oneOf(errorClasses)),
  recoveryMs: { must: `${milliseconds.must}, or a backoff`, holds: (value) => milliseconds.holds(value) || aFunction.holds(value) },
  probes: atLeastOne,
  successThreshold: atLeastOne,
  maxProbeMs: milliseconds,
  scope: oneOf(['attempt', 'call']),
  observeOnly: aBoolean,
  onTransition: aFunction,
};

/** UNKNOWN too: a breaker around what nobody knows is to open when it is down, as users of every other breaker expect. */
const TRIP_ON = [ErrorClass.TRANSIENT, ErrorClass.SERVER_ERROR, ErrorClass.UNKNOWN] as const;

/**
 * Milliseconds a probe keeps its place beyond the time its attempt has. The timeout reports the failure itself; were the place given
 * away at the same moment, that failure would be a stale one, and a circuit under load would never reopen on a hang.
 */
const PROBE_SLACK_MS = 1_000;

/** A breaker's options, checked, with the defaults filled in. They are read once, when it is made. */
export class ResolvedBreaker implements CircuitBreakerOptions {
  readonly name: string | undefined;
  readonly scope: 'attempt' | 'call';
  /** Undefined where it only observes, too. */
  readonly onTransition: OnTransition | undefined;
  /** All but how long a probe may take, which its policy has a say in. */
  readonly #settings: Omit<BreakerSettings, 'maxProbeMs'>;
  readonly #recoveryMs: number;
  readonly #maxProbeMs: number | undefined;

  /** Throws a TypeError that names the option, the value and the rule. `keepsName: false` leaves the name to whoever takes it into use. */
  constructor(where: string, options: CircuitBreakerOptions, keepsName = true, usualScope: 'attempt' | 'call' = 'attempt') {
    const read = check(where, options, rules);
    const { name, scope = usualScope, trip = { type: 'rate' }, tripOn = TRIP_ON } = read;
    const { recoveryMs = RECOVERY_MS, probes = 1, successThreshold = 1, maxProbeMs, observeOnly = false, onTransition } = read;
    const settings = resolveTrip(where, trip);
    this.name = keepsName && name !== undefined ? properName(name) : undefined;
    this.scope = scope;
    this.onTransition = observeOnly ? undefined : onTransition;
    this.#recoveryMs = typeof recoveryMs === 'number' ? recoveryMs : RECOVERY_MS;
    this.#maxProbeMs = maxProbeMs;
    this.#settings = {
      trip: settings,
      tripOn: new Set([...tripOn, ...settings.classes]),
      recovery: typeof recoveryMs === 'function' ? recoveryMs : recoveryBackoff(recoveryMs),
      longestWaitMs: typeof recoveryMs === 'function' ? waitUnderFunction : waitUnderNumber(recoveryMs),
      probes,
      successThreshold,
      observeOnly,
    };
  }

  /** Whether options are checked and filled in already. */
  static is(options: CircuitBreakerOptions): options is ResolvedBreaker {
    return typeof options === 'object' && options !== null && #settings in options;
  }

  /** What the engine decides by, in a policy of these timeouts. */
  settings(timeouts: Timeouts): BreakerSettings {
    return { ...this.#settings, maxProbeMs: this.maxProbeMsFor(timeouts) };
  }

  /** Milliseconds a probe may keep its place, in a policy of these timeouts. */
  maxProbeMsFor({ timeoutMs, attemptTimeoutMs }: Timeouts): number {
    const probeMs = this.scope === 'call' ? timeoutMs : Math.min(attemptTimeoutMs, timeoutMs);
    return this.#maxProbeMs ?? Math.max(this.#recoveryMs, probeMs + PROBE_SLACK_MS);
  }
}
