import { oneOf, type Rules } from '../../model/rules.js';

/** Who is let in first among those who wait for a place. */
export type BulkheadPriority = 'high' | 'normal' | 'low';

/** What a call may ask of a bulkhead. */
export interface BulkheadCallOption {
  /** Its class in the queue of a bulkhead: a higher one is let in first, and takes the place of a lower one when the queue is full. Default `normal`. */
  readonly priority?: BulkheadPriority | undefined;
}

/** The classes, the one that is let in first at the head. */
export const PRIORITIES: readonly BulkheadPriority[] = ['high', 'normal', 'low'];

export const callRules: Rules = { priority: oneOf(PRIORITIES) };
