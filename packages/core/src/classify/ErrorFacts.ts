import { brandOf } from '../model/errors/instanceOf.js';
import { nameOf } from './nameOf.js';
import { read } from './read.js';
import { statusOf } from './statusOf.js';

/** What one error says of itself, each property read once. */
export interface ErrorFacts {
  readonly error: unknown;
  /** The name of the redress class that made it. */
  readonly brand: unknown;
  readonly name: string | undefined;
  /** The failing HTTP status it carries. */
  readonly status: number | undefined;
  readonly code: unknown;
}

export function factsOf(error: unknown): ErrorFacts {
  return { error, brand: brandOf(error), name: nameOf(error), status: statusOf(error), code: read(error, 'code') };
}
