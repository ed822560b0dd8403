import type { Classification } from '../model/Classification.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import type { FailedBy } from '../model/FailedBy.js';
import type { FailureFacts } from '../model/FailureFacts.js';
import type { ErrorChain } from './ErrorChain.js';
import { typeOfChain } from './errorTypeOf.js';

/** One failed attempt: what it was, and how it failed. */
export class AttemptFailure implements FailureFacts {
  private type: string | undefined = undefined;
  /** Set where a classifier threw or gave no class. */
  neutral: true | undefined = undefined;

  constructor(
    readonly classification: Classification,
    readonly failedBy: FailedBy,
    /** The thrown value, or the result that was judged a failure. */
    readonly error: unknown,
    /** Whether the default rule judged a Response: such a result is returned, not thrown. */
    readonly byDefaultRule: boolean,
    /** What was walked to classify it; undefined for a result. */
    private readonly chain: ErrorChain | undefined,
  ) {}

  get errorClass(): ErrorClass {
    return this.classification.errorClass;
  }

  get retryAfterMs(): number | undefined {
    return this.classification.retryAfterMs;
  }

  /** The same failure, which nobody could judge. */
  unjudged(): this {
    this.neutral = true;
    return this;
  }

  /** Made when telemetry asks for it, and once. */
  get errorType(): string {
    this.type ??= this.chain === undefined ? this.errorClass : typeOfChain(this.chain);
    return this.type;
  }
}
