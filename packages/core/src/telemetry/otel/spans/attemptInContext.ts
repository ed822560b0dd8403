import { createContextKey, trace, type Context } from '@opentelemetry/api';
import { ATTR_RETRY_ATTEMPT } from '../../port/semconv.js';
import { SCOPE_NAME } from '../scope.js';

/** The API makes keys with `Symbol.for`, so that every copy of core reads what another has set. */
const ATTEMPT = createContextKey('redress.attempt');

/**
 * The context in which an attempt runs its function. A first attempt that has a span of ours is not marked, since the span says as much and
 * a mark would copy the context's map once more; the first one of a call nested in an attempt is, or it would pass for the outer one.
 */
export function withAttempt(context: Context, number: number, hasSpan: boolean): Context {
  const outer = context.getValue(ATTEMPT);
  const isKnown = number === 1 && hasSpan && (outer === undefined || outer === number);
  return isKnown ? context : context.setValue(ATTEMPT, number);
}

/** Number of the innermost attempt that is running in a context; undefined where none is known. */
export function attemptNumberOf(context: Context): number | undefined {
  const number = context.getValue(ATTEMPT);
  return typeof number === 'number' ? number : attemptOfSpan(trace.getSpan(context));
}

/** By the SDK's own fields: right under a call's span, or in that of an attempt, an attempt without a mark is the first. */
function attemptOfSpan(span: object | undefined): number | undefined {
  if (span === undefined) return undefined;
  const { instrumentationScope, attributes } = span as Partial<ReadableSpan>;
  if (instrumentationScope?.name !== SCOPE_NAME) return undefined;
  const told = attributes?.[ATTR_RETRY_ATTEMPT];
  return typeof told === 'number' ? told : 1;
}

interface ReadableSpan {
  readonly instrumentationScope: { readonly name: string };
  readonly attributes: Readonly<Record<string, unknown>>;
}
