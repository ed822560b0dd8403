import { aName, atLeastOne, check, hold, wholeFromZero, type Rules } from '../../model/rules.js';
import { properName } from '../../model/properName.js';

/** How many calls may run at once, and how many may wait for it. */
export interface BulkheadOptions {
  /** Calls that may run at once; at least 1. */
  readonly maxConcurrent: number;
  /** Calls that may wait for a place, those of a higher `priority` first, then first come, first served; their wait counts towards their timeout. Default 0: a call that finds no place is refused. */
  readonly maxQueued?: number | undefined;
  /** What its errors call it. Default: the name of the first policy that uses it. */
  readonly name?: string | undefined;
}

const rules: Rules = { maxConcurrent: atLeastOne, maxQueued: wholeFromZero, name: aName };

/** A bulkhead's options, checked, with the defaults filled in. */
export class ResolvedBulkhead implements BulkheadOptions {
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  readonly name: string | undefined;
  readonly #isResolved = true;

  /** Throws a TypeError that names the option, the value and the rule. */
  constructor(where: string, options: BulkheadOptions) {
    const { maxConcurrent, maxQueued = 0, name } = check(where, options, rules);
    hold(where, 'maxConcurrent', maxConcurrent, atLeastOne);
    this.maxConcurrent = maxConcurrent;
    this.maxQueued = maxQueued;
    this.name = name === undefined ? undefined : properName(name);
  }

  /** Whether options are checked and filled in already. */
  static is(options: BulkheadOptions): options is ResolvedBulkhead {
    return typeof options === 'object' && options !== null && #isResolved in options && options.#isResolved;
  }
}
