import { read } from './read.js';

/**
 * What an error is called: its `name`, or the name of its class when it never set one and says `Error`; undefined for what has neither.
 * Never throws.
 */
export function nameOf(error: unknown): string | undefined {
  const name = read(error, 'name');
  return isSpecific(name) ? name : className(error);
}

function className(error: unknown): string | undefined {
  const name = read(read(error, 'constructor'), 'name');
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function isSpecific(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name !== 'Error';
}
