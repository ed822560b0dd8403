import { aName, atLeastOne, check, hold, wholeFromZero, type Rules } from '../../model/rules.js';
import { properName } from '../../model/properName.js';

/** How many calls may run at once, and how many may wait for it. */
export interface BulkheadOptions {
  /** Calls that may run at once; at least 1. */
  readonly maxConcurrent: number;
  /** Calls that may wait for a place, first come, first served; their wait counts towards their timeout. Default 0: a call that finds no place is refused. */
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

  /** Throws a TypeError that names the option, the value and the rule. */
  constructor(where: string, options: BulkheadOptions) {
    check(where, options, rules);
    hold(where, 'maxConcurrent', options.maxConcurrent, atLeastOne);
    this.maxConcurrent = options.maxConcurrent;
    this.maxQueued = options.maxQueued ?? 0;
    this.name = options.name === undefined ? undefined : properName(options.name);
  }
}
