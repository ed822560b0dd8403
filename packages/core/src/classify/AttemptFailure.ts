import type { Classification } from '../model/Classification.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import type { FailedBy } from '../model/FailedBy.js';
import type { FailureFacts } from '../model/FailureFacts.js';
import type { ErrorChain } from './ErrorChain.js';
import { typeOfChain } from './errorTypeOf.js';

/** One failed attempt: what it was, and how it failed. */
export class AttemptFailure implements FailureFacts {
  /** Set where a classifier threw or gave no class. */
  neutral: true | undefined = undefined;

  constructor(
    readonly classification: Classification,
    readonly failedBy: FailedBy,
    /** The thrown value, or the result that was judged a failure. */
    readonly error: unknown,
    /** Whether the default rule judged a Response: such a result is returned, not thrown. */
    readonly byDefaultRule: boolean,
    /** Its `error.type`, or what was walked to classify it and can tell; undefined for a result, which is named by its class. */
    private named: string | ErrorChain | undefined,
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
    const { named } = this;
    if (typeof named === 'string') return named;
    const type = named === undefined ? this.errorClass : typeOfChain(named);
    this.named = type;
    return type;
  }
}
