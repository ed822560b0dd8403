import { causesOf } from './causesOf.js';
import { classifyStructure } from './classifyStructure.js';
import { type ErrorFacts, factsOf } from './ErrorFacts.js';
import type { Judgement } from './Judgement.js';

/** An error and what it was caused by: walked once, and not before somebody asks for more than the error itself. */
export class ErrorChain {
  readonly first: ErrorFacts;
  #all: readonly ErrorFacts[] | undefined;
  /** What the error itself says; null before it was asked. Apart from the others, since most chains are asked no more. */
  #own: Judgement | undefined | null = null;
  #others: Map<ErrorFacts, Judgement | undefined> | undefined;

  constructor(error: unknown) {
    this.first = factsOf(error);
  }

  /** Outermost first, the error itself included. */
  get all(): readonly ErrorFacts[] {
    this.#all ??= [...causesOf(this.first.error)].map((error, index) => (index === 0 ? this.first : factsOf(error)));
    return this.#all;
  }

  /** What one of them says of itself, asked once. */
  judgementOf(facts: ErrorFacts): Judgement | undefined {
    if (facts === this.first) {
      if (this.#own === null) this.#own = classifyStructure(facts);
      return this.#own;
    }
    this.#others ??= new Map();
    if (!this.#others.has(facts)) this.#others.set(facts, classifyStructure(facts));
    return this.#others.get(facts);
  }

  /** What the first of them that says something says. The usual error says it itself; only else is its chain walked. */
  get decisive(): Judgement | undefined {
    const own = this.judgementOf(this.first);
    if (own !== undefined) return own;
    for (const facts of this.all) {
      const found = this.judgementOf(facts);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
