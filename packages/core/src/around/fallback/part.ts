import { anObject, orFalse } from '../../model/rules.js';
import type { AroundPart } from '../AroundPart.js';
import { Fallback } from './Fallback.js';
import { ResolvedFallback } from './options.js';

/** The fallback among what stands around a call. */
export const fallback: AroundPart<ResolvedFallback> = {
  option: 'fallback',
  outside: 'inside, it would hide every failure from what stands around it',
  rule: anObject,
  read: (where, given) => new ResolvedFallback(where, given as object),
  make: (options) => new Fallback(options),
  callRules: { fallback: orFalse(anObject) },
  readCall: (where, _, given) => (given === false ? false : new ResolvedFallback(where, given as object)),
};
