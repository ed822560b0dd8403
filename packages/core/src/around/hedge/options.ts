import { atLeastOne, check, hold, milliseconds, wrong, type Rule, type Rules } from '../../model/rules.js';

/** A delay that follows the dependency: as long as most of its answers took lately. */
export interface HedgeQuantile {
  /** Share of the recent attempts that were quicker: 0.95 makes about one call in twenty a hedged one. Above 0, below 1. */
  readonly quantile: number;
  /** Milliseconds that it is at least, however quick the answers are. Default 10; above 0. */
  readonly minMs?: number | undefined;
}

/** When another attempt is made beside one that takes long: the first answer counts. */
export interface HedgeOptions {
  /** Milliseconds from the start of an attempt until another begins beside it; above 0. Or a quantile of how long the attempts of the policy took lately: then nothing is hedged before 100 of them have ended. */
  readonly afterMs: number | HedgeQuantile;
  /** Attempts beside the first, at most, in a call. Default 1; at least 1. Each costs a retry of the budget. */
  readonly maxHedged?: number | undefined;
}

/** The option of a policy that hedges. */
export interface HedgeOption {
  /** Makes another attempt beside one that takes long, or at once when one fails; the first answer counts. Never with `idempotent: false`. Default: none. */
  readonly hedge?: HedgeOptions | false | undefined;
}

const between: Rule = { must: 'a number above 0 and below 1', holds: (value) => typeof value === 'number' && value > 0 && value < 1 };
const delay: Rule = {
  must: `${milliseconds.must}, or { quantile }`,
  holds: (value) => milliseconds.holds(value) || (typeof value === 'object' && value !== null),
};
const rules: Rules = { afterMs: delay, maxHedged: atLeastOne };
const quantileRules: Rules = { quantile: between, minMs: milliseconds };

/** A hedge's options, checked, each read once, with the defaults filled in. */
export class ResolvedHedge {
  readonly afterMs: number | { readonly quantile: number; readonly minMs: number };
  readonly maxHedged: number;

  /** Throws a TypeError that names the option, the value and the rule. */
  constructor(where: string, given: HedgeOptions) {
    const { afterMs, maxHedged = 1 } = check(where, given, rules);
    if (afterMs === undefined) throw wrong(where, 'afterMs', delay.must, afterMs);
    this.maxHedged = maxHedged;
    if (typeof afterMs === 'number') {
      this.afterMs = afterMs;
      return;
    }
    const { quantile, minMs = 10 } = check(where, afterMs, quantileRules, 'afterMs.');
    hold(where, 'afterMs.quantile', quantile, between);
    this.afterMs = { quantile, minMs };
  }
}
