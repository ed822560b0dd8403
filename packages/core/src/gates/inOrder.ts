import type { Refusal } from '../model/Refusal.js';
import type { Entry, Gate, Lease, Queued, Verdict } from './Gate.js';
import { giveBack } from './giveBack.js';

/** Several gates as one, the outermost first; undefined for none. One alone is itself, so that the usual call asks no other. */
export function inOrder(gates: readonly Gate[]): Gate | undefined {
  return gates.reduceRight<Gate | undefined>((inner, outer) => (inner === undefined ? outer : new TwoGates(outer, inner)), undefined);
}

/** Leases of two gates, given back innermost first. */
class TwoLeases implements Lease {
  readonly kind = 'lease';

  constructor(
    private readonly outer: Lease,
    private readonly inner: Lease,
  ) {}

  unused(nowMs: number): void {
    this.inner.unused?.(nowMs);
    this.outer.unused?.(nowMs);
  }

  leave(verdict: Verdict, nowMs: number, durationMs: number, attempt: number, entry: Entry): void {
    this.inner.leave(verdict, nowMs, durationMs, attempt, entry);
    this.outer.leave(verdict, nowMs, durationMs, attempt, entry);
  }

  freed(): void {
    this.inner.freed?.();
    this.outer.freed?.();
  }
}

/** A gate, and behind it another. Two and not a list: a call that both let through makes one object. */
class TwoGates implements Gate {
  constructor(
    private readonly outer: Gate,
    private readonly inner: Gate,
  ) {}

  enter(nowMs: number, attempt: number, entry: Entry): Lease | Refusal | Queued {
    const answer = this.outer.enter(nowMs, attempt, entry);
    if (answer.kind === 'lease') return this.goOn(answer, nowMs, attempt, entry);
    return answer.kind === 'queued' ? this.queued(answer, undefined, attempt, entry) : answer;
  }

  refusal(nowMs: number): Refusal | undefined {
    return this.outer.refusal?.(nowMs) ?? this.inner.refusal?.(nowMs);
  }

  refusalAfter(nowMs: number, delayMs: number, entry: Entry): Refusal | undefined {
    return this.outer.refusalAfter?.(nowMs, delayMs, entry) ?? this.inner.refusalAfter?.(nowMs, delayMs, entry);
  }

  /** Asks the gate behind. When it refuses, the one before has its lease back, unused. */
  private goOn(held: Lease, nowMs: number, attempt: number, entry: Entry): Lease | Refusal | Queued {
    const answer = this.inner.enter(nowMs, attempt, entry);
    if (answer.kind === 'lease') return new TwoLeases(held, answer);
    if (answer.kind === 'queued') return this.queued(answer, held, attempt, entry);
    giveBack(held, nowMs, attempt, entry);
    return answer;
  }

  /** A place in the queue of the gate before or, while it gave the lease `held`, of the one behind. */
  private queued(first: Queued, held: Lease | undefined, attempt: number, entry: Entry): Queued {
    let waitsIn: Queued | undefined = first;
    let cancelled = false;
    const next = (answer: Lease | Refusal): Lease | Refusal | PromiseLike<Lease | Refusal> => {
      waitsIn = undefined;
      // Time has passed: what is asked now is asked as of now.
      const nowMs = entry.now();
      // Cancelled after it was told, and before anybody heard: what was held went back then.
      if (cancelled) {
        if (answer.kind === 'lease') giveBack(answer, nowMs, attempt, entry);
        // He is told nothing more.
        return new Promise<never>(() => {});
      }
      if (held !== undefined) {
        if (answer.kind === 'lease') return new TwoLeases(held, answer);
        giveBack(held, nowMs, attempt, entry);
        return answer;
      }
      const further = answer.kind === 'lease' ? this.goOn(answer, nowMs, attempt, entry) : answer;
      if (further.kind !== 'queued') return further;
      // By what was told at the gate behind.
      if (cancelled) further.cancel();
      else waitsIn = further;
      return further.ready;
    };
    return {
      kind: 'queued',
      ready: first.ready.then(next),
      cancel: () => {
        if (cancelled) return;
        cancelled = true;
        if (waitsIn === undefined) return;
        waitsIn.cancel();
        if (held !== undefined) giveBack(held, entry.now(), attempt, entry);
      },
    };
  }
}
