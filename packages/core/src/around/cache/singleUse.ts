import { has, read } from '../../classify/read.js';

/**
 * Whether a value can be read once only, and so be handed to one caller only: a Response, a stream, an iterator, or an answer whose body
 * is one. Of what cannot be looked at: no.
 */
export function isSingleUse(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isResponse(value) || isStream(value) || isStream(read(value, 'body')) || isStream(read(value, 'data'));
}

/** By its shape, for node-fetch and others have one of their own; an answer whose body was read for us, as axios gives it, is none. */
function isResponse(value: object): boolean {
  if (typeof read(value, 'bodyUsed') === 'boolean') return true;
  return typeof read(value, 'status') === 'number' && isMethod(value, 'text') && isMethod(read(value, 'headers'), 'get');
}

function isStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isMethod(value, 'getReader') || isMethod(value, 'pipe') || (isMethod(value, 'next') && isIterable(value));
}

function isIterable(value: object): boolean {
  return has(value, Symbol.asyncIterator) || has(value, Symbol.iterator);
}

function isMethod(value: unknown, name: string): boolean {
  return typeof read(value, name) === 'function';
}
