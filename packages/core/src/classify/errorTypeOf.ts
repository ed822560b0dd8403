import { brandOf } from '../model/errors/instanceOf.js';
import { causesOf } from './causesOf.js';
import { nameOf } from './nameOf.js';
import { statusOf } from './statusOf.js';

/** Long enough for any class; a name is a metric attribute, and nobody should be able to make it a text. */
const MAX_LENGTH = 100;

/**
 * OpenTelemetry's `error.type` for an exception: the failing HTTP status as text when it or one of its causes has one, else the name of its
 * class. A thrown value that is no object is named by its type. Never throws.
 */
export function errorTypeOf(error: unknown): string {
  if (error === null) return 'null';
  if (typeof error !== 'object') return typeof error;
  for (const cause of causesOf(error)) {
    const status = statusOf(cause);
    if (status !== undefined) return String(status);
    // What our own errors were caused by is another failure: of the attempt before the deadline, say.
    if (brandOf(cause) !== undefined) break;
  }
  return (nameOf(error) ?? 'object').slice(0, MAX_LENGTH);
}
