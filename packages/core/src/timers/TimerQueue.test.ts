import fc from 'fast-check';
import type { Clock } from '../model/Clock.js';
import { FakeClock } from '../testing/FakeClock.js';
import { OwnTimers } from './OwnTimers.js';
import { Timed } from './Timed.js';
import { TimerQueue, type TimerQueueOptions } from './TimerQueue.js';

class Item extends Timed {
  constructor(private readonly then: () => void = () => undefined) {
    super();
  }

  onTime(): void {
    this.then();
  }
}

/** A fake clock that counts what is asked of it. */
class CountingClock extends FakeClock {
  made = 0;
  cleared = 0;
  longestMs = 0;

  override setTimeout(callback: () => void, delayMs: number): ReturnType<FakeClock['setTimeout']> {
    this.made++;
    this.longestMs = Math.max(this.longestMs, delayMs);
    return super.setTimeout(callback, delayMs);
  }

  override clearTimeout(handle: unknown): void {
    this.cleared++;
    super.clearTimeout(handle);
  }
}

const LEAVE: TimerQueueOptions = { whenEmpty: 'leave' };

function setUp(options?: TimerQueueOptions): { clock: CountingClock; queue: TimerQueue; log: string[]; item(name: string): Item } {
  const clock = new CountingClock();
  const log: string[] = [];
  const queue = new TimerQueue(clock, options);
  return { clock, queue, log, item: (name) => new Item(() => log.push(`${name}@${clock.now()}`)) };
}

describe('TimerQueue', () => {
  it.each([
    { given: 'equal durations', delays: [10, 10, 10], then: ['a@10', 'b@10', 'c@10'] },
    { given: 'durations out of order', delays: [30, 10, 20], then: ['b@10', 'c@20', 'a@30'] },
    { given: 'no time, less than none, NaN', delays: [0, -5, Number.NaN], then: ['a@0', 'b@0', 'c@0'] },
    { given: 'fractions', delays: [10.75, 10.5, 10.25], then: ['c@10.25', 'b@10.5', 'a@10.75'] },
    { given: 'Infinity', delays: [Infinity, 10, Infinity], then: ['b@10'] },
  ])('lets items go off by deadline, then in the order of start: $given', async ({ delays, then }) => {
    for (const way of ['start', 'startOnce'] as const) {
      const { clock, queue, log, item } = setUp();
      for (const [index, delay] of delays.entries()) queue[way](item(['a', 'b', 'c'][index] ?? '?'), clock.now(), delay, true);
      expect(queue.size).toBe(then.length);
      await clock.advance(100);
      expect(log).toEqual(then);
      expect(queue.size).toBe(0);
      expect(clock.pending).toBe(0);
    }
  });

  it('keeps lists and heap in one order', async () => {
    const { clock, queue, log, item } = setUp();
    queue.start(item('list'), 0, 10, true);
    queue.startOnce(item('heap'), 0, 10, true);
    queue.start(item('other list'), 0, 5, true);
    await clock.advance(5);
    queue.start(item('five later'), 5, 5, true);
    await clock.advance(5);
    expect(log).toEqual(['other list@5', 'list@10', 'heap@10', 'five later@10']);
  });

  it('sorts in an item whose caller read the clock before another one did', async () => {
    const { clock, queue, log, item } = setUp();
    await clock.advance(7);
    queue.start(item('read at 7'), 7, 10, true);
    queue.start(item('read at 3'), 3, 10, true);
    queue.start(item('read at 5'), 5, 10, true);
    await clock.advance(20);
    expect(log).toEqual(['read at 3@13', 'read at 5@15', 'read at 7@17']);
  });

  it('stops items wherever they are, and bears to be told twice', async () => {
    const { clock, queue, log, item } = setUp();
    const items = ['first', 'middle', 'last', 'heap 1', 'heap 2', 'heap 3'].map((name) => item(name));
    for (const [index, one] of items.entries()) {
      if (index < 3) queue.start(one, 0, 10, true);
      else queue.startOnce(one, 0, 10 + index, true);
    }
    const never = item('never started');
    queue.stop(never);
    for (const index of [1, 0, 3, 5]) {
      const one = items[index];
      if (one === undefined) continue;
      queue.stop(one);
      queue.stop(one);
    }
    expect(queue.size).toBe(2);
    await clock.advance(100);
    expect(log).toEqual(['last@10', 'heap 2@14']);
    for (const one of items) queue.stop(one);
    expect(queue.size).toBe(0);
  });

  it('starts an item again from the new time', async () => {
    const { clock, queue, log, item } = setUp();
    const one = item('one');
    queue.start(one, 0, 10, true);
    queue.start(one, 0, 30, true);
    queue.startOnce(one, 0, 20, true);
    expect(queue.size).toBe(1);
    await clock.advance(100);
    expect(log).toEqual(['one@20']);
    queue.start(one, 100, 10, true);
    queue.start(one, 100, Infinity, true);
    await clock.advance(100);
    expect(log).toEqual(['one@20']);
    expect(queue.size).toBe(0);
  });

  it('lets an item start and stop any item, itself included', async () => {
    const { clock, queue, log, item } = setUp();
    const victim = item('victim');
    const again: Item = new Item(() => {
      log.push(`again@${clock.now()}`);
      queue.stop(victim);
      queue.stop(again);
      if (clock.now() < 30) queue.start(again, clock.now(), 10, true);
    });
    queue.start(again, 0, 10, true);
    queue.start(victim, 0, 10, true);
    await clock.advance(100);
    expect(log).toEqual(['again@10', 'again@20', 'again@30']);
    expect(clock.pending).toBe(0);
  });

  it('gives other items their turn in a loop of 0 ms', async () => {
    const { clock, queue, log, item } = setUp();
    let rounds = 0;
    const loop: Item = new Item(() => {
      rounds++;
      if (rounds < 1_000) queue.start(loop, clock.now(), 0, true);
    });
    queue.start(loop, 0, 0, true);
    queue.start(item('other'), 0, 0, true);
    clock.setTimeout(() => log.push(`after round ${rounds}`), 0);
    await clock.advance(0);
    expect(log).toEqual(['other@0', 'after round 1']);
    expect(rounds).toBe(1_000);
  });

  it('lets everything overdue go off in one turn, by deadline, when the loop was blocked', () => {
    let nowMs = 0;
    let timer: { callback: () => void; delayMs: number } | undefined;
    const clock: Clock = {
      now: () => nowMs,
      setTimeout: (callback, delayMs) => (timer = { callback, delayMs }),
      clearTimeout: () => (timer = undefined),
    };
    const queue = new TimerQueue(clock);
    const log: string[] = [];
    for (const delay of [30, 10, 20, 500]) queue.start(new Item(() => log.push(`${delay}`)), 0, delay, true);
    nowMs = 400;
    timer?.callback();
    expect(log).toEqual(['10', '20', '30']);
    expect(timer?.delayMs).toBe(100);
  });

  it('trusts a timer that goes off while the clock stands still', () => {
    let timer: { callback: () => void; delayMs: number } | undefined;
    const queue = new TimerQueue({
      now: () => 0,
      setTimeout: (callback, delayMs) => (timer = { callback, delayMs }),
      clearTimeout: () => (timer = undefined),
    });
    const log: string[] = [];
    queue.start(new Item(() => log.push('a')), 0, 100, true);
    queue.start(new Item(() => log.push('b')), 0, 150, true);
    timer?.callback();
    expect(log).toEqual(['a']);
    expect(timer?.delayMs).toBe(50);
    timer?.callback();
    expect(log).toEqual(['a', 'b']);
  });

  it('tells what an item threw and goes on with the others', async () => {
    const told: unknown[] = [];
    const { clock, queue, log, item } = setUp({ whenEmpty: 'clear', report: (error) => told.push(error) });
    const failure = new Error('of an item');
    queue.start(
      new Item(() => {
        throw failure;
      }),
      0,
      10,
      true,
    );
    queue.start(item('same time'), 0, 10, true);
    queue.start(item('later'), 0, 20, true);
    await clock.advance(100);
    expect(told).toEqual([failure]);
    expect(log).toEqual(['same time@10', 'later@20']);
  });

  it('makes it an uncaught exception when no report is given, as a plain timer does', async () => {
    const microtasks: (() => void)[] = [];
    const spy = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((job) => void microtasks.push(job));
    try {
      const { clock, queue, log, item } = setUp();
      const failure = new Error('of an item');
      queue.start(
        new Item(() => {
          throw failure;
        }),
        0,
        10,
        true,
      );
      queue.start(item('same time'), 0, 10, true);
      await clock.advance(10);
      expect(log).toEqual(['same time@10']);
      expect(microtasks).toHaveLength(1);
      expect(microtasks[0]).toThrow(failure);
    } finally {
      spy.mockRestore();
    }
  });

  it('goes on after a report that throws', async () => {
    const failure = new Error('of an item');
    const { clock, queue, log, item } = setUp({
      whenEmpty: 'clear',
      report: (error) => {
        throw error;
      },
    });
    queue.start(
      new Item(() => {
        throw failure;
      }),
      0,
      10,
      true,
    );
    queue.start(item('same time'), 0, 10, true);
    await expect(clock.advance(10)).rejects.toBe(failure);
    await clock.advance(0);
    expect(log).toEqual(['same time@10']);
  });

  it('waits longer than setTimeout can', async () => {
    const { clock, queue, log, item } = setUp();
    queue.start(item('in 100 days'), 0, 100 * 86_400_000, true);
    await clock.advance(100 * 86_400_000 - 1);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log).toEqual(['in 100 days@8640000000']);
    expect(clock.longestMs).toBeLessThan(2 ** 31);
  });

  describe('real timers', () => {
    const thousandCalls = (queue: TimerQueue, clock: FakeClock): void => {
      const [call, attempt] = [new Item(), new Item()];
      for (let count = 0; count < 1_000; count++) {
        queue.start(call, clock.now(), 30_000, true);
        queue.start(attempt, clock.now(), 10_000, true);
        queue.stop(attempt);
        queue.stop(call);
      }
    };

    it.each([
      { given: 'calls one after another, timer left', options: LEAVE, run: thousandCalls, atMost: 2, pending: 1 },
      {
        given: 'a thousand calls side by side',
        options: undefined,
        run: (queue: TimerQueue) => {
          for (let count = 0; count < 1_000; count++) queue.start(new Item(), 0, 1_000 + (count % 10), true);
        },
        atMost: 1,
        pending: 1,
      },
      {
        given: 'a thousand sleeps of different length',
        options: undefined,
        run: (queue: TimerQueue) => {
          for (let count = 0; count < 1_000; count++) queue.startOnce(new Item(), 0, 1_000 + ((count * 7919) % 1_000), true);
        },
        atMost: 1,
        pending: 1,
      },
    ])('are few: $given', ({ options, run, atMost, pending }) => {
      const { clock, queue } = setUp(options);
      run(queue, clock);
      expect(clock.made).toBeLessThanOrEqual(atMost);
      expect(clock.pending).toBe(pending);
    });

    it('stay few over a day of calls, and end with them', async () => {
      const { clock, queue } = setUp(LEAVE);
      const item = new Item();
      for (let minute = 0; minute < 1_440; minute++) {
        thousandCalls(queue, clock);
        queue.start(item, clock.now(), 5_000, true);
        await clock.advance(60_000);
      }
      expect(clock.made).toBeLessThan(1_440 * 6);
      await clock.advance(60_000);
      expect(clock.pending).toBe(0);
    });

    it('are cleared with the last item, by default', () => {
      const { clock, queue } = setUp();
      const [first, second] = [new Item(), new Item()];
      queue.start(first, 0, 10, true);
      queue.start(second, 0, 20, true);
      queue.stop(first);
      queue.stop(second);
      expect(clock.pending).toBe(0);
      expect(queue.size).toBe(0);
    });

    it.each([
      { given: 'nothing started', when: [], then: false },
      { given: 'an item that holds', when: [['hold', 100]], then: true },
      { given: 'an item that does not', when: [['free', 100]], then: false },
      {
        given: 'one that holds behind one that does not',
        when: [
          ['free', 100],
          ['hold', 200],
        ],
        then: true,
      },
      {
        given: 'the one that held stopped',
        when: [
          ['free', 100],
          ['hold', 200],
          ['stop', 1],
        ],
        then: false,
      },
      {
        given: 'one of two that held stopped',
        when: [
          ['hold', 100],
          ['hold', 200],
          ['stop', 0],
        ],
        then: true,
      },
      {
        given: 'all stopped',
        when: [
          ['hold', 100],
          ['hold', 200],
          ['stop', 0],
          ['stop', 1],
        ],
        then: false,
      },
      {
        given: 'another one after all were stopped',
        when: [
          ['hold', 100],
          ['stop', 0],
          ['hold', 200],
        ],
        then: true,
      },
      {
        given: 'a new head that does not hold',
        when: [
          ['hold', 200],
          ['stop', 0],
          ['free', 50],
        ],
        then: false,
      },
      {
        given: 'the one that held is over',
        when: [
          ['hold', 100],
          ['free', 200],
          ['pass', 100],
        ],
        then: false,
      },
      {
        given: 'the one that did not hold is over',
        when: [
          ['free', 100],
          ['hold', 200],
          ['pass', 100],
        ],
        then: true,
      },
      {
        given: 'started again without holding',
        when: [
          ['hold', 100],
          ['again', 0],
        ],
        then: false,
      },
    ] as const)('[retry.keep-alive] [retry.idle-lets-go] keep the process for items that ask for it: $given', async ({ when, then }) => {
      for (const options of [LEAVE, undefined]) {
        const { clock, queue } = setUp(options);
        const items: Item[] = [];
        for (const [what, value] of when) {
          if (what === 'pass') await clock.advance(value);
          else if (what === 'hold' || what === 'free') {
            const item = new Item();
            items.push(item);
            queue.start(item, clock.now(), value, what === 'hold');
          } else {
            const item = items[value];
            if (item !== undefined && what === 'stop') queue.stop(item);
            if (item !== undefined && what === 'again') queue.start(item, clock.now(), 100, false);
          }
        }
        // A queue that leaves its timer lets go of the process a moment later.
        if (options === LEAVE) await clock.advance(10);
        expect(clock.keepsAlive).toBe(then);
      }
    });

    it('may have handles without ref and unref', () => {
      for (const handle of [1, 'timer', null, undefined, {}]) {
        const queue = new TimerQueue({ now: () => 0, setTimeout: () => handle, clearTimeout: () => undefined });
        const item = new Item();
        queue.start(item, 0, 10, false);
        queue.start(item, 0, 10, true);
        queue.stop(item);
        expect(queue.size).toBe(0);
      }
    });
  });

  it('holds no list per duration, however many there are', async () => {
    const { clock, queue, log, item } = setUp();
    for (let delay = 1; delay <= 1_000; delay++) queue.start(item(`${delay}`), 0, delay, true);
    await clock.advance(1_000);
    expect(log).toEqual(Array.from({ length: 1_000 }, (_, index) => `${index + 1}@${index + 1}`));
    for (let delay = 2_000; delay < 3_000; delay++) {
      const one = item('never');
      queue.start(one, clock.now(), delay, true);
      queue.stop(one);
    }
    expect(Reflect.get(queue, 'lists')).toHaveLength(16);
    expect(Reflect.get(queue, 'lists')).toContainEqual(expect.objectContaining({ delayMs: 2_999 }));
  });
});

interface Step {
  readonly what: 'start' | 'startOnce' | 'stop' | 'advance';
  readonly item: number;
  readonly ms: number;
  /** What the item does when it goes off. */
  readonly then: { readonly what: 'nothing' | 'start' | 'stop' | 'throw'; readonly item: number; readonly ms: number };
}

interface Timers {
  start(item: Item, nowMs: number, delayMs: number, keepsAlive: boolean): void;
  startOnce(item: Item, nowMs: number, delayMs: number, keepsAlive: boolean): void;
  stop(item: Item): void;
}

/** What the queue is measured against: one timer for each item. */
class PlainTimers implements Timers {
  private readonly timers = new Map<Item, unknown>();
  constructor(private readonly clock: Clock) {}

  start(item: Item, _nowMs: number, delayMs: number): void {
    this.stop(item);
    if (delayMs === Infinity) return;
    const timer = this.clock.setTimeout(() => {
      this.timers.delete(item);
      try {
        item.onTime();
      } catch {
        // As the queue's report does.
      }
    }, delayMs);
    this.timers.set(item, timer);
  }

  startOnce(item: Item, nowMs: number, delayMs: number): void {
    this.start(item, nowMs, delayMs);
  }

  stop(item: Item): void {
    this.clock.clearTimeout(this.timers.get(item));
    this.timers.delete(item);
  }
}

async function run(program: readonly Step[], make: (clock: Clock) => Timers): Promise<string[]> {
  const clock = new FakeClock();
  const timers = make(clock);
  const log: string[] = [];
  const thens = new Map<number, Step['then']>();
  const at = (index: number): Item => {
    const item = items[index];
    if (item === undefined) throw new RangeError(`no item ${index}`);
    return item;
  };
  const items: readonly Item[] = Array.from({ length: 8 }, (_, index) => {
    return new Item(() => {
      log.push(`${index}@${clock.now()}`);
      const then = thens.get(index);
      if (then?.what === 'start') timers.start(at(then.item), clock.now(), then.ms + 1, true);
      if (then?.what === 'stop') timers.stop(at(then.item));
      if (then?.what === 'throw') throw new Error('of an item');
    });
  });
  for (const step of program) {
    if (step.what === 'advance') await clock.advance(step.ms);
    else if (step.what === 'stop') timers.stop(at(step.item));
    else {
      thens.set(step.item, step.then);
      timers[step.what](at(step.item), clock.now(), step.ms, true);
    }
  }
  await clock.advance(200);
  return log;
}

describe('any program of starts, stops and time', () => {
  const item = fc.nat(7);
  const ms = fc.oneof(fc.nat(30), fc.constantFrom(0, 10, 20, Infinity, 7.5, -1));
  const then = fc.record({ what: fc.constantFrom('nothing', 'start', 'stop', 'throw'), item, ms: fc.constantFrom(0, 10, 13) });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ what: fc.constantFrom('start', 'startOnce', 'stop'), item, ms, then }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('advance' as const), item, ms: fc.nat(25), then }) },
  );

  it.each([
    { given: 'TimerQueue that clears', make: (clock: Clock) => new TimerQueue(clock, { whenEmpty: 'clear', report: () => undefined }) },
    { given: 'TimerQueue that leaves', make: (clock: Clock) => new TimerQueue(clock, { whenEmpty: 'leave', report: () => undefined }) },
  ])('is the same with a $given as with a timer for each item', async ({ make }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (program) => {
        expect(await run(program, make)).toEqual(await run(program, (clock) => new PlainTimers(clock)));
      }),
      { numRuns: 400 },
    );
  });

  it('is the same with OwnTimers', async () => {
    const calm = step.map((one): Step => (one.then.what === 'throw' ? { ...one, then: { ...one.then, what: 'nothing' } } : one));
    await fc.assert(
      fc.asyncProperty(fc.array(calm, { maxLength: 60 }), async (program) => {
        expect(await run(program, (clock) => new OwnTimers(clock))).toEqual(await run(program, (clock) => new PlainTimers(clock)));
      }),
    );
  });
});
