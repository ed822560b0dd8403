import { createContextKey, type Context } from '@opentelemetry/api';

/** The API makes keys with `Symbol.for`, so that every copy of core reads what another has set. */
const ATTEMPT = createContextKey('redress.attempt');

/**
 * The context in which an attempt runs its function. Only second and later attempts are marked, so that a first one costs
 * nothing; the first one of a call nested in a retried one is marked too, or it would pass for the outer attempt.
 */
export function withAttempt(context: Context, number: number): Context {
  const outer = context.getValue(ATTEMPT);
  return number > 1 || (outer !== undefined && outer !== number) ? context.setValue(ATTEMPT, number) : context;
}

/** Number of the innermost attempt that is running in a context, when it is 2 or later. */
export function attemptNumberOf(context: Context): number | undefined {
  const number = context.getValue(ATTEMPT);
  return typeof number === 'number' && number > 1 ? number : undefined;
}
