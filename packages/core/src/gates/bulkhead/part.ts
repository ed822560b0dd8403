import type { GatePart } from '../GatePart.js';
import { attach, Bulkhead, isBulkhead } from './Bulkhead.js';
import { callRules } from './callOptions.js';
import { type BulkheadOptions, ResolvedBulkhead } from './options.js';

export type { BulkheadCallOption } from './callOptions.js';
export type { BulkheadOfHealth } from './BulkheadHealth.js';

/** The option of a policy that has a bulkhead. */
export interface BulkheadOption {
  /** Lets only so many calls run at once; a call's retries share its place. Default: none. An instance may be shared between policies. */
  readonly bulkhead?: BulkheadOptions | Bulkhead | false | undefined;
}

/** A policy that may have one. */
export interface BulkheadOfPolicy {
  /** Its bulkhead, shared or its own; undefined when it was made without one. */
  readonly bulkhead: Bulkhead | undefined;
}

/** The bulkhead among the gates of a policy. */
export const bulkhead: GatePart<Bulkhead> = {
  option: 'bulkhead',
  noun: 'bulkhead',
  callRules,
  isInstance: isBulkhead,
  make(where: string, options: BulkheadOptions) {
    return new Bulkhead(new ResolvedBulkhead(where, options));
  },
  waits: ({ maxQueued }) => maxQueued > 0,
  use: (handle, owner) => attach(handle, owner.policy),
};
