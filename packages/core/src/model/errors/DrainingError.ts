import type { ErrorClass } from '../ErrorClass.js';
import { RedressError } from './RedressError.js';

/** What a {@link DrainingError} tells. */
export interface DrainingErrorOptions {
  /** The policy whose call was refused. */
  readonly policy: string;
  /** The failure before, when there was one. */
  readonly cause?: unknown;
}

/** The registry of the policy drains, as its process is about to end: the call was refused and its function not called. */
export class DrainingError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'DrainingError';
  /** Tells a refusal of ours, by whatever gate. */
  static readonly redressRefusal: boolean = true;
  override readonly name: string = 'DrainingError';
  /** What it is to a policy around the one that threw it: in another process the call may do. */
  readonly errorClass: ErrorClass = 'TRANSIENT';
  /** The policy whose call was refused. */
  readonly policy: string;

  constructor(options: DrainingErrorOptions) {
    const { policy, cause } = options;
    super(`Policy ${policy} takes no calls: it drains`, cause === undefined ? undefined : { cause });
    this.policy = policy;
  }
}
