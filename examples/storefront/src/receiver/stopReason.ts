/** Why a call stopped, in words; the name itself where there are none for it. */
export function stopReasonInWords(reason: string | undefined, attempts: number): string {
  switch (reason) {
    case undefined:
      return 'failed';
    case 'MAX_ATTEMPTS_GLOBAL':
    case 'MAX_ATTEMPTS_PER_CLASS':
    case 'MAX_UNKNOWN_ATTEMPTS':
      return `gave up after ${count(attempts)}`;
    case 'NON_RETRYABLE_CLASS':
      return 'failed in a way that a retry does not mend';
    case 'NO_STRATEGY':
      return 'failed in a way that has no backoff';
    case 'DEADLINE_EXCEEDED':
      return `ran out of time after ${count(attempts)}`;
    case 'BUDGET_EXHAUSTED':
      return `failed at attempt ${attempts}`;
    case 'SCHEDULED':
      return 'was put off until later';
    case 'ABORTED':
      return 'was called off';
    case 'BULKHEAD_FULL':
      return 'found no free place';
    case 'RATE_LIMITED':
      return 'was over the rate limit';
    case 'THROTTLED':
      return 'was held back, as too much is turned away';
    case 'DRAINING':
      return 'came while the service was shutting down';
    default:
      return `failed (${reason})`;
  }
}

/** `1 attempt`, `3 attempts`. */
export function count(attempts: number): string {
  return attempts === 1 ? '1 attempt' : `${attempts} attempts`;
}
