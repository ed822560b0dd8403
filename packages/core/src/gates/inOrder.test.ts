import fc from 'fast-check';
import type { Refusal } from '../model/Refusal.js';
import type { Entry, Gate, Lease, Queued } from './Gate.js';
import { giveBack } from './giveBack.js';
import { inOrder } from './inOrder.js';

const entry: Entry = { asked: undefined, deadlineAt: Infinity, recorder: undefined, now: () => 7 };
const refusal = { kind: 'refusal', stopReason: 'BULKHEAD_FULL', retryAfterMs: 0, link: undefined } as unknown as Refusal;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A lease that notes what is done with it. */
class NotedLease implements Lease {
  readonly kind = 'lease';
  readonly told: string[] = [];

  constructor(readonly gate: string) {}

  unused(): void {
    this.told.push('unused');
  }

  leave(verdict: unknown): void {
    this.told.push(`leave ${String(verdict)}`);
  }

  freed(): void {
    this.told.push('freed');
  }
}

type Answer = 'lease' | 'refusal' | 'queued lease' | 'queued refusal';

/** A gate that answers as it is told; its queue answers when `tell` is called, once it was asked. */
class ScriptedGate implements Gate {
  readonly lent: NotedLease[] = [];
  cancelled = 0;
  private resolve: ((answer: Lease | Refusal) => void) | undefined = undefined;

  constructor(
    readonly name: string,
    private readonly answer: Answer,
  ) {}

  enter(): Lease | Refusal | Queued {
    if (this.answer === 'refusal') return refusal;
    if (this.answer === 'lease') return this.lend();
    const ready = new Promise<Lease | Refusal>((resolve) => {
      this.resolve = resolve;
    });
    return { kind: 'queued', ready, cancel: () => void (this.cancelled += 1) };
  }

  /** The queue says what it has to say; like a real one it says nothing to one who has cancelled. */
  tell(): void {
    if (this.cancelled > 0) return;
    this.resolve?.(this.answer === 'queued lease' ? this.lend() : refusal);
    this.resolve = undefined;
  }

  private lend(): Lease {
    const lease = new NotedLease(this.name);
    this.lent.push(lease);
    return lease;
  }
}

const BACK = ['unused', 'leave none', 'freed'];

describe('gates in order', () => {
  it('[gates.order] one alone is itself, and none is none', () => {
    const gate = new ScriptedGate('a', 'lease');
    expect([inOrder([gate]), inOrder([])]).toEqual([gate, undefined]);
  });

  it('[gates.order] asks the outermost first, and gives leases back innermost first', () => {
    const order: string[] = [];
    const noting = (name: string): Gate => ({
      enter: () => {
        order.push(`enter ${name}`);
        return { kind: 'lease', leave: () => void order.push(`leave ${name}`), freed: () => void order.push(`freed ${name}`) };
      },
    });
    const answer = inOrder(['a', 'b', 'c'].map(noting))?.enter(0, 1, entry);
    if (answer?.kind !== 'lease') throw new Error('no lease');
    answer.leave('success', 1, 1, 1, entry);
    answer.freed?.();
    expect(order).toEqual(['enter a', 'enter b', 'enter c', 'leave c', 'leave b', 'leave a', 'freed c', 'freed b', 'freed a']);
  });

  it('[gates.order] tells the first refusal that another attempt would meet, now or later', () => {
    const silent: Gate = { enter: () => refusal };
    const loud: Gate = { enter: () => refusal, refusal: () => refusal, refusalAfter: (_, delayMs) => (delayMs > 5 ? refusal : undefined) };
    for (const gates of [
      [silent, loud],
      [loud, silent],
      [silent, silent, loud],
    ]) {
      const gate = inOrder(gates);
      expect([gate?.refusal?.(0), gate?.refusalAfter?.(0, 6, entry), gate?.refusalAfter?.(0, 5, entry)]).toEqual([
        refusal,
        refusal,
        undefined,
      ]);
    }
    expect(inOrder([silent, silent])?.refusal?.(0)).toBeUndefined();
  });

  it('[gates.back-once] whatever each gate says, and whenever the call gives up, each lease is held or goes back, once', async () => {
    const answers = fc.array(fc.constantFrom<Answer>('lease', 'refusal', 'queued lease', 'queued refusal'), { minLength: 2, maxLength: 4 });
    // How many queues have told before the call gives up, and whether it does before it hears of the last.
    await fc.assert(
      fc.asyncProperty(answers, fc.option(fc.nat(4), { nil: undefined }), fc.boolean(), async (all, giveUpAfter, atOnce) => {
        const gates = all.map((answer, index) => new ScriptedGate(`${index}`, answer));
        const line = inOrder(gates)?.enter(0, 1, entry);
        let answer: Lease | Refusal | undefined;
        if (line?.kind === 'queued') {
          void line.ready.then((said) => {
            answer = said;
          });
          for (let tells = 0; tells <= all.length; tells += 1) {
            if (tells === giveUpAfter && !atOnce) line.cancel();
            for (const gate of gates) gate.tell();
            if (tells === giveUpAfter && atOnce) line.cancel();
            await settled();
          }
          line.cancel();
          await settled();
        } else answer = line;
        // What the call has it gives back when it is over.
        if (answer?.kind === 'lease') giveBack(answer, 0, 1, entry);
        for (const { lent } of gates) for (const { told } of lent) expect(told).toEqual(BACK);
        if (answer?.kind === 'lease') expect(gates.every(({ lent }) => lent.length === 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
