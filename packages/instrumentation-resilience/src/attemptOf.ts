import { trace, type Attributes, type Context, type Span } from '@opentelemetry/api';
import { attemptNumberOf } from '@redress/core/telemetry';

/** On every span of a call, and of an attempt. */
const POLICY = 'redress.policy';
/** `retry.attempt`: on the span of an attempt, and on the client spans in it. */
export const RETRY_ATTEMPT = 'retry.attempt';

/** The attempt that spans were begun in, of those that are no spans of redress: what begins inside of them is in it too. */
const inside = new WeakMap<object, number>();

/**
 * Number of the attempt in whose function somebody is, by its context; undefined outside of any. Second and later attempts say so in the
 * context; a first one is known by the span that it runs under, so that the context needs no second entry.
 */
export function attemptOf(context: Context): number | undefined {
  const told = attemptNumberOf(context);
  if (told !== undefined) return told;
  const span = trace.getSpan(context);
  if (span === undefined) return undefined;
  const attributes = attributesOf(span);
  if (attributes?.[POLICY] === undefined) return inside.get(span);
  const own = attributes[RETRY_ATTEMPT];
  return typeof own === 'number' ? own : 1;
}

/** Remembers in which attempt a span began. */
export function beginsIn(span: object, attempt: number | undefined): void {
  if (attempt !== undefined) inside.set(span, attempt);
}

/** Those that a span of the SDK was started with; the API's own spans have none to show. */
function attributesOf(span: Span): Attributes | undefined {
  const attributes: unknown = Reflect.get(span, 'attributes');
  return typeof attributes === 'object' && attributes !== null ? (attributes as Attributes) : undefined;
}
