import { errorTypeOf } from '../classify/errorTypeOf.js';
import type { Classification } from '../model/Classification.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import type { FailedBy } from '../model/FailedBy.js';
import type { FailureFacts } from '../telemetry/port/CallRecorder.js';

/** One failed attempt: what it was, and how it failed. */
export class AttemptFailure implements FailureFacts {
  constructor(
    readonly classification: Classification,
    readonly failedBy: FailedBy,
    /** The thrown value, or the result that was judged a failure. */
    readonly error: unknown,
    /** Whether the default rule judged a Response: such a result is returned, not thrown. */
    readonly byDefaultRule: boolean,
  ) {}

  get errorClass(): ErrorClass {
    return this.classification.errorClass;
  }

  /** Read only when telemetry listens. */
  get errorType(): string {
    return this.failedBy === 'result' ? this.errorClass : errorTypeOf(this.error);
  }
}
