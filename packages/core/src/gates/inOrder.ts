import type { Refusal } from '../model/Refusal.js';
import type { Entry, Gate, Lease, Queued, Verdict } from './Gate.js';
import { giveBack } from './giveBack.js';

/** Several gates as one, the outermost first; undefined for none. One alone is itself, so that the usual call asks no list. */
export function inOrder(gates: readonly Gate[]): Gate | undefined {
  return gates.length > 1 ? new GatesInOrder(gates) : gates[0];
}

/** Leases of several gates, given back innermost first. */
class Leases implements Lease {
  readonly kind = 'lease';

  constructor(private readonly held: readonly Lease[]) {}

  unused(nowMs: number): void {
    for (const lease of this.held.toReversed()) lease.unused?.(nowMs);
  }

  leave(verdict: Verdict, nowMs: number, durationMs: number, attempt: number, entry: Entry): void {
    for (const lease of this.held.toReversed()) lease.leave(verdict, nowMs, durationMs, attempt, entry);
  }

  freed(): void {
    for (const lease of this.held.toReversed()) lease.freed?.();
  }
}

class GatesInOrder implements Gate {
  constructor(private readonly gates: readonly Gate[]) {}

  enter(nowMs: number, attempt: number, entry: Entry): Lease | Refusal | Queued {
    return this.goOn([], nowMs, attempt, entry);
  }

  refusal(nowMs: number): Refusal | undefined {
    for (const gate of this.gates) {
      const refusal = gate.refusal?.(nowMs);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  refusalAfter(nowMs: number, delayMs: number, entry: Entry): Refusal | undefined {
    for (const gate of this.gates) {
      const refusal = gate.refusalAfter?.(nowMs, delayMs, entry);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  /** Asks the gates behind those that gave a lease. What refuses after others gave leave lets these have it back, unused. */
  private goOn(held: readonly Lease[], nowMs: number, attempt: number, entry: Entry): Lease | Refusal | Queued {
    const leases = [...held];
    for (const gate of this.gates.slice(held.length)) {
      const answer = gate.enter(nowMs, attempt, entry);
      if (answer.kind === 'queued') return this.queued(answer, leases, attempt, entry);
      if (answer.kind === 'refusal') {
        giveBack(new Leases(leases), nowMs, attempt, entry);
        return answer;
      }
      leases.push(answer);
    }
    return new Leases(leases);
  }

  private queued(first: Queued, held: readonly Lease[], attempt: number, entry: Entry): Queued {
    let waitsIn: Queued | undefined = first;
    let cancelled = false;
    const next = (answer: Lease | Refusal): Lease | Refusal | PromiseLike<Lease | Refusal> => {
      waitsIn = undefined;
      // Time has passed: what is asked now is asked as of now.
      const nowMs = entry.now();
      const leases = answer.kind === 'lease' ? [...held, answer] : held;
      if (cancelled || answer.kind === 'refusal') {
        giveBack(new Leases(leases), nowMs, attempt, entry);
        return cancelled ? new Promise(() => {}) : answer;
      }
      const further = this.goOn(leases, nowMs, attempt, entry);
      if (further.kind !== 'queued') return further;
      waitsIn = further;
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
        giveBack(new Leases(held), entry.now(), attempt, entry);
      },
    };
  }
}
