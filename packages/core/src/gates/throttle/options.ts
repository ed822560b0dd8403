import { ErrorClass } from '../../model/ErrorClass.js';
import {
  aName,
  atLeastOne,
  check,
  errorClasses,
  listOf,
  milliseconds,
  oneOf,
  oneOrMore,
  type Rule,
  type Rules,
} from '../../model/rules.js';
import { properName } from '../../model/properName.js';
import type { ThrottleSettings } from './AdaptiveThrottleEngine.js';

/** When attempts are refused here, as the other side turns too much away. */
export interface AdaptiveThrottleOptions {
  /** Sends so many times what was accepted before it refuses any. Default 2; at least 1. Less spares the other side more, and learns more slowly of better times. */
  readonly multiplier?: number | undefined;
  /** Milliseconds over which attempts count. Default 120_000; finite, above 0. */
  readonly windowMs?: number | undefined;
  /** Never refuses on fewer attempts in the window. Default 20; at least 1. */
  readonly minimumRequests?: number | undefined;
  /** Classes by which the other side turns an attempt away. Default RATE_LIMIT, SERVER_ERROR and TRANSIENT: a hang and a lost connection look like overload from here. Any other failure was an answer. */
  readonly rejectOn?: readonly ErrorClass[] | undefined;
  /** Share of the attempts that it refuses at most, so that the others find out when the other side is back. Default 0.9; above 0, below 1. */
  readonly maxRejection?: number | undefined;
  /** What its errors call it. Default: the name of the first policy that uses it. */
  readonly name?: string | undefined;
}

const belowOne: Rule = { must: 'a number above 0 and below 1', holds: (value) => typeof value === 'number' && value > 0 && value < 1 };
const rules: Rules = {
  multiplier: oneOrMore,
  windowMs: milliseconds,
  minimumRequests: atLeastOne,
  rejectOn: listOf(oneOf(errorClasses)),
  maxRejection: belowOne,
  name: aName,
};

/** Not by UNKNOWN: of what nobody knows, nobody knows either that less of it would help. */
const REJECT_ON = [ErrorClass.RATE_LIMIT, ErrorClass.SERVER_ERROR, ErrorClass.TRANSIENT] as const;

/** A throttle's options, checked, with the defaults filled in. */
export class ResolvedThrottle implements ThrottleSettings, AdaptiveThrottleOptions {
  readonly multiplier: number;
  readonly windowMs: number;
  readonly minimumRequests: number;
  readonly maxRejection: number;
  readonly name: string | undefined;
  readonly #rejectOn: ReadonlySet<ErrorClass>;

  /** Throws a TypeError that names the option, the value and the rule. */
  constructor(where: string, options: AdaptiveThrottleOptions) {
    const read = check(where, options, rules);
    const { multiplier = 2, windowMs = 120_000, minimumRequests = 20, rejectOn = REJECT_ON, maxRejection = 0.9, name } = read;
    this.multiplier = multiplier;
    this.windowMs = windowMs;
    this.minimumRequests = minimumRequests;
    this.#rejectOn = new Set(rejectOn);
    this.maxRejection = maxRejection;
    this.name = name === undefined ? undefined : properName(name);
  }

  /** Whether options are checked and filled in already. */
  static is(options: AdaptiveThrottleOptions): options is ResolvedThrottle {
    return typeof options === 'object' && options !== null && #rejectOn in options;
  }

  /** Whether a failure of that class says that the other side turned it away. */
  isRejection(errorClass: ErrorClass): boolean {
    return this.#rejectOn.has(errorClass);
  }
}
