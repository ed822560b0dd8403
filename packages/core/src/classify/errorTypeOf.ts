import { ErrorChain } from './ErrorChain.js';

/** Long enough for any class; a name is a metric attribute, and nobody should be able to make it a text. */
const MAX_LENGTH = 100;

/**
 * OpenTelemetry's `error.type` for an exception: the failing HTTP status as text when it or one of its causes has one, else the name of its
 * class. A thrown value that is no object is named by its type. Never throws.
 */
export function errorTypeOf(error: unknown): string {
  return typeOfChain(new ErrorChain(error));
}

/** The same, of a chain that somebody else asks too. */
export function typeOfChain(chain: ErrorChain): string {
  const { error, name } = chain.first;
  if (error === null) return 'null';
  if (typeof error !== 'object') return typeof error;
  for (const { status, brand } of chain.all) {
    if (status !== undefined) return String(status);
    // What our own errors were caused by is another failure: of the attempt before the deadline, say.
    if (brand !== undefined) break;
  }
  return (name ?? 'object').slice(0, MAX_LENGTH);
}
