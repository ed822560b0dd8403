import { failureName } from './failureName.js';
import { stopReasonInWords } from './stopReason.js';

describe('stopReasonInWords', () => {
  it.each([
    { reason: 'MAX_ATTEMPTS_GLOBAL', attempts: 3, words: 'gave up after 3 attempts' },
    { reason: 'MAX_ATTEMPTS_PER_CLASS', attempts: 2, words: 'gave up after 2 attempts' },
    { reason: 'MAX_UNKNOWN_ATTEMPTS', attempts: 1, words: 'gave up after 1 attempt' },
    { reason: 'DEADLINE_EXCEEDED', attempts: 2, words: 'ran out of time after 2 attempts' },
    { reason: 'NON_RETRYABLE_CLASS', attempts: 1, words: 'failed in a way that a retry does not mend' },
    { reason: 'NO_STRATEGY', attempts: 1, words: 'failed in a way that has no backoff' },
    { reason: 'BUDGET_EXHAUSTED', attempts: 1, words: 'failed at attempt 1' },
    { reason: 'SCHEDULED', attempts: 1, words: 'was put off until later' },
    { reason: 'ABORTED', attempts: 1, words: 'was called off' },
    { reason: 'BULKHEAD_FULL', attempts: 0, words: 'found no free place' },
    { reason: 'RATE_LIMITED', attempts: 0, words: 'was over the rate limit' },
    { reason: 'THROTTLED', attempts: 0, words: 'was held back, as too much is turned away' },
    { reason: 'DRAINING', attempts: 0, words: 'came while the service was shutting down' },
    { reason: 'SOMETHING_NEW', attempts: 1, words: 'failed (SOMETHING_NEW)' },
    { reason: undefined, attempts: 1, words: 'failed' },
  ])('$reason: $words', ({ reason, attempts, words }) => {
    expect(stopReasonInWords(reason, attempts)).toBe(words);
  });
});

describe('failureName', () => {
  it.each([
    { type: '503', errorClass: 'SERVER_ERROR', name: '503' },
    { type: 'TypeError', errorClass: 'TRANSIENT', name: 'a broken connection' },
    { type: 'TypeError', errorClass: 'PERMANENT', name: 'TypeError (PERMANENT)' },
    { type: 'AttemptTimeoutError', errorClass: 'TRANSIENT', name: 'the attempt timeout' },
    { type: 'ECONNRESET', errorClass: 'TRANSIENT', name: 'a reset connection' },
    { type: 'Odd', errorClass: 'UNKNOWN', name: 'Odd (UNKNOWN)' },
    { type: 'Odd', errorClass: undefined, name: 'Odd' },
    { type: undefined, errorClass: 'UNKNOWN', name: 'UNKNOWN' },
    { type: undefined, errorClass: undefined, name: undefined },
  ])('$type of $errorClass is $name', ({ type, errorClass, name }) => {
    const attributes = {
      ...(type === undefined ? {} : { 'error.type': type }),
      ...(errorClass === undefined ? {} : { 'error.class': errorClass }),
    };
    expect(failureName(attributes)).toBe(name);
  });
});
