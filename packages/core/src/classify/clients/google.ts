import { errorsOf } from '../causesOf.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';

/** Reasons that Google's APIs give beside a 403 (https://developers.google.com/workspace/drive/api/guides/handle-errors). */
const REASONS = /* @__PURE__ */ words({
  RATE_LIMIT: 'rateLimitExceeded userRateLimitExceeded sharingRateLimitExceeded',
  PERMANENT: 'quotaExceeded dailyLimitExceeded storageQuotaExceeded',
});

/** googleapis and google-cloud (gaxios): the reason of the first error in its list, beside a 403 or 429. */
export function google({ error, status }: ErrorFacts): Meaning | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const reason = read(errorsOf(error)[0], 'reason');
  const errorClass = REASONS.get(reason);
  return errorClass && { errorClass, type: String(reason) };
}
