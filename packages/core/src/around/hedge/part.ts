import { Hedge } from './Hedge.js';
import { type HedgeOptions, ResolvedHedge } from './options.js';

/** What a policy's option makes; undefined for none. Throws a TypeError that names the option, the value and the rule. */
export function hedgeOf(where: string, given: HedgeOptions | false | undefined): Hedge | undefined {
  if (given === undefined || given === false) return undefined;
  return new Hedge(new ResolvedHedge(`${where}, hedge`, given));
}
