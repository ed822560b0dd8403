import { orFalse } from '../../model/rules.js';
import type { AroundPart } from '../AroundPart.js';
import { Fallback } from './Fallback.js';
import { aFallback, ResolvedFallback } from './ResolvedFallback.js';

/** The fallback among what stands around a call. */
export const fallback: AroundPart<ResolvedFallback> = {
  option: 'fallback',
  outside: 'inside, it would hide every failure from what stands around it',
  rule: aFallback,
  // A policy that is updated gives what it had read.
  read: (where, given) => (given instanceof ResolvedFallback ? given : new ResolvedFallback(where, given as object)),
  make: (options) => new Fallback(options),
  callRules: { fallback: orFalse(aFallback) },
  readCall: (where, _, given) => (given === false ? false : new ResolvedFallback(where, given as object)),
};
