import type { AroundOptions } from '../around/policyOptions.js';
import type { GateOptions } from '../gates/list.js';

/** A part of a policy that has a place in its order. */
export type Stage = 'retry' | keyof GateOptions | Exclude<keyof AroundOptions, 'hedge'>;
