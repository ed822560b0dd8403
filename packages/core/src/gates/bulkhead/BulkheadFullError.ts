import type { ErrorClass } from '../../model/ErrorClass.js';
import { RedressError } from '../../model/errors/RedressError.js';

/** What a {@link BulkheadFullError} tells. */
export interface BulkheadFullErrorOptions {
  /** The bulkhead's name: the policy's, unless it has one of its own. */
  readonly bulkhead: string;
  /** Calls that may run at once. */
  readonly maxConcurrent: number;
  /** Calls that may wait. */
  readonly maxQueued: number;
  /** The failure before, when there was one. */
  readonly cause?: unknown;
}

/** A bulkhead refused the call: as many run as may, and as many wait as may. The function was not called. */
export class BulkheadFullError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'BulkheadFullError';
  /** Tells a refusal of ours, by whatever gate. */
  static readonly redressRefusal: boolean = true;
  override readonly name: string = 'BulkheadFullError';
  /** What it is to a policy around the one that threw it. */
  readonly errorClass: ErrorClass = 'TRANSIENT';
  /** The bulkhead's name. */
  readonly bulkhead: string;
  /** Calls that may run at once. */
  readonly maxConcurrent: number;
  /** Calls that may wait. */
  readonly maxQueued: number;

  constructor(options: BulkheadFullErrorOptions) {
    const { bulkhead, maxConcurrent, maxQueued, cause } = options;
    const queue = maxQueued === 0 ? '' : ` and ${maxQueued} wait`;
    super(`Bulkhead ${bulkhead} is full: ${maxConcurrent} run${queue}`, cause === undefined ? undefined : { cause });
    this.bulkhead = bulkhead;
    this.maxConcurrent = maxConcurrent;
    this.maxQueued = maxQueued;
  }
}
