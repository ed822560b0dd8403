import { Hedge } from './Hedge.js';
import { type HedgeOptions, ResolvedHedge } from './options.js';

/** The option of a policy that hedges. */
export interface HedgeOption {
  /** Makes another attempt beside one that takes long, or at once when one fails; the first answer counts. Never with `idempotent: false`. Default: none. */
  readonly hedge?: HedgeOptions | false | undefined;
}

/** What a policy's option makes; undefined for none. Throws a TypeError that names the option, the value and the rule. */
export function hedgeOf(where: string, given: HedgeOptions | false | undefined): Hedge | undefined {
  if (given === undefined || given === false) return undefined;
  return new Hedge(new ResolvedHedge(`${where}, hedge`, given));
}
