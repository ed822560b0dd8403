import { trace, type Context } from '@opentelemetry/api';
import { attemptNumberOf } from '@redress/core/telemetry';

/** `retry.attempt`. */
export const RETRY_ATTEMPT = 'retry.attempt';

/** The attempts that spans of the application's own were begun in: they hide the span of the call from what begins inside of them. */
const inside = new WeakMap<object, number>();

/** Number of the attempt in whose function somebody is, by its context; undefined outside of any. */
export function attemptOf(context: Context): number | undefined {
  const known = attemptNumberOf(context);
  if (known !== undefined) return known;
  const span = trace.getSpan(context);
  return span === undefined ? undefined : inside.get(span);
}

/** Remembers in which attempt a span began. */
export function beginsIn(span: object, attempt: number | undefined): void {
  if (attempt !== undefined) inside.set(span, attempt);
}
