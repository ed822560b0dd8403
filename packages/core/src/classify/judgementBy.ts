import { classification } from './classification.js';
import type { Client } from './clients/Client.js';
import type { ErrorFacts } from './ErrorFacts.js';
import { limitsOf } from './limitsOf.js';
import type { Judgement } from './Judgement.js';

/** What the client that made an error means by it; undefined when none of these knows. */
export function judgementBy(clients: readonly Client[], facts: ErrorFacts): Judgement | undefined {
  const { error, status } = facts;
  if (typeof error !== 'object' || error === null) return undefined;
  for (const client of clients) {
    const meaning = client(facts);
    if (meaning === undefined) continue;
    const { errorClass, type, retryAfterMs, unprocessed } = meaning;
    const asked = errorClass === 'RATE_LIMIT' || status === 503 || status === 529 ? limitsOf(error) : undefined;
    const { retryable } = status === undefined ? { retryable: undefined } : (asked ?? limitsOf(error));
    return {
      classification: classification(
        errorClass,
        retryAfterMs ?? asked?.retryAfterMs ?? (errorClass === 'RATE_LIMIT' ? asked?.resetMs : undefined),
        retryable,
      ),
      type,
      unprocessed,
    };
  }
  return undefined;
}
