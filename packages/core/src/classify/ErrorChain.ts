import { brandOf } from '../model/errors/instanceOf.js';
import { causesOf } from './causesOf.js';
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

function factsOf(error: unknown): ErrorFacts {
  return { error, brand: brandOf(error), name: nameOf(error), status: statusOf(error), code: read(error, 'code') };
}

/** An error and what it was caused by: walked once, and not before somebody asks for more than the error itself. */
export class ErrorChain {
  readonly first: ErrorFacts;
  #all: readonly ErrorFacts[] | undefined;

  constructor(error: unknown) {
    this.first = factsOf(error);
  }

  /** Outermost first, the error itself included. */
  get all(): readonly ErrorFacts[] {
    this.#all ??= [...causesOf(this.first.error)].map((error, index) => (index === 0 ? this.first : factsOf(error)));
    return this.#all;
  }
}
