import type { Answer, Around, AroundCall, FailedAnswer, Later } from '../Around.js';
import type { End } from '../End.js';
import type { FallbackOptions } from './options.js';

/** Answers when a call has failed. */
export class Fallback implements Around {
  constructor(private readonly options: FallbackOptions | undefined) {}

  ended(call: AroundCall, end: End): Answer | Later | undefined {
    const options = call.asked?.fallback ?? this.options;
    if (options === undefined || options === false) return undefined;
    const errorClass = end.kind === 'aborted' ? undefined : end.failure?.errorClass;
    if (options.on !== undefined && (errorClass === undefined || !options.on.includes(errorClass))) return undefined;
    if (options.run === undefined) return { kind: 'answer', value: options.value, by: 'fallback', event: 'fallback_used' };
    const aborted = new AbortController();
    const { run, timeoutMs } = options;
    const begin = async (): Promise<Answer | FailedAnswer> => {
      try {
        const value = await run({
          policy: call.policy,
          operation: call.operation,
          error: end.kind === 'failure' ? end.failure.error : undefined,
          errorClass,
          stopReason: end.stopReason,
          attempts: call.attempts,
          signal: aborted.signal,
        });
        return { kind: 'answer', value, by: 'fallback' };
      } catch (error) {
        return { kind: 'failed', error };
      }
    };
    return { kind: 'later', begin, timeoutMs, event: 'fallback_used', cancel: (reason) => aborted.abort(reason) };
  }
}
