import type { AbortSource } from '../model/CallEnd.js';

/** What ends with an attempt. */
export interface Inner {
  onAbort(reason: unknown, source: AbortSource): void;
}

/** An attempt hands its {@link InnerCalls} out by this; a symbol that two copies of core share. */
export const INNER = Symbol.for('redress.attempt.inner');

/**
 * The calls made inside an attempt, with it as their `parent`. They end when its function does: then its signal stays quiet, for other
 * things of that function may live on.
 */
export class InnerCalls {
  private readonly calls = new Set<Inner>();
  private isOver = false;

  /** Ends the call when the attempt's function ends; at once when it has. */
  add(call: Inner): void {
    if (this.isOver) call.onAbort(ended(), 'parent');
    else this.calls.add(call);
  }

  remove(call: Inner): void {
    this.calls.delete(call);
  }

  end(): void {
    this.isOver = true;
    if (this.calls.size === 0) return;
    const reason = ended();
    for (const call of [...this.calls]) call.onAbort(reason, 'parent');
    this.calls.clear();
  }
}

/** The inner calls of a parent, when it is an attempt of ours. */
export function innerCallsOf(parent: object | undefined): InnerCalls | undefined {
  return (parent as { readonly [INNER]?: InnerCalls } | undefined)?.[INNER];
}

function ended(): DOMException {
  return new DOMException('The attempt around this call has ended', 'AbortError');
}
