import type { ErrorClass } from '../../model/ErrorClass.js';
import { RedressError } from '../../model/errors/RedressError.js';

/** What a {@link ThrottledError} tells. */
export interface ThrottledErrorOptions {
  /** The throttle's name: the policy's, unless it has one of its own. */
  readonly throttle: string;
  /** The share of attempts that was refused at that moment, from 0 to 1. */
  readonly rejectionProbability: number;
  /** The failure before, when there was one. */
  readonly cause?: unknown;
}

/** An adaptive throttle refused the call: the other side turned away too much lately. The function was not called. */
export class ThrottledError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'ThrottledError';
  /** Tells a refusal of ours, by whatever gate. */
  static readonly redressRefusal: boolean = true;
  override readonly name: string = 'ThrottledError';
  /** What it is to a policy around the one that threw it. */
  readonly errorClass: ErrorClass = 'TRANSIENT';
  /** The throttle's name. */
  readonly throttle: string;
  /** The share of attempts that was refused at that moment, from 0 to 1. */
  readonly rejectionProbability: number;

  constructor(options: ThrottledErrorOptions) {
    const { throttle, rejectionProbability, cause } = options;
    const share = Math.round(rejectionProbability * 100);
    super(
      `Throttle ${throttle} refuses ${share} % of what is sent: the other side turned too much away lately`,
      cause === undefined ? undefined : { cause },
    );
    this.throttle = throttle;
    this.rejectionProbability = rejectionProbability;
  }
}
