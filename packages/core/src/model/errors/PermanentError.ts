import type { ErrorClass } from '../ErrorClass.js';
import { RedressError } from './RedressError.js';
import type { MarkerErrorOptions } from './MarkerErrorOptions.js';

/** Throw it to mark a failure as `PERMANENT`: never retried, and the call's own error. */
export class PermanentError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'PermanentError';
  override readonly name: string = 'PermanentError';
  /** What it marks. */
  readonly errorClass: ErrorClass = 'PERMANENT';
  /** HTTP status, when there was one. */
  readonly status: number | undefined;

  constructor(message?: string, options?: MarkerErrorOptions) {
    super(message, options);
    this.status = options?.status;
  }
}
