import { mock } from 'node:test';
import { FakeClock } from '../testing/FakeClock.js';
import { OwnTimers } from './OwnTimers.js';
import { systemClock } from './systemClock.js';
import { Timed } from './Timed.js';
import { timersOf } from './timersOf.js';
import type { TimerQueue } from './TimerQueue.js';

class Item extends Timed {
  constructor(private readonly then: () => void) {
    super();
  }

  onTime(): void {
    this.then();
  }
}

/** Starts items on the queue of the moment, and logs them by name when they go off. */
function starter(): { log: string[]; start(name: string, delayMs: number): { queue: TimerQueue; item: Item } } {
  const log: string[] = [];
  return {
    log,
    start: (name, delayMs) => {
      const queue = timersOf(undefined);
      const item = new Item(() => log.push(name));
      queue.start(item, queue.now(), delayMs, false);
      return { queue, item };
    },
  };
}

describe('timersOf', () => {
  it('gives one queue per clock', () => {
    const [a, b] = [new FakeClock(), new FakeClock()];
    expect(timersOf(a)).toBe(timersOf(a));
    expect(timersOf(a)).not.toBe(timersOf(b));
    expect(timersOf(undefined)).toBe(timersOf(undefined));
    expect(timersOf(systemClock)).toBe(timersOf(undefined));
  });

  it('leaves nothing on a clock that is not the system one', () => {
    const clock = new FakeClock();
    const queue = timersOf(clock);
    const item = new Item(() => undefined);
    queue.start(item, 0, 10, true);
    expect(clock.pending).toBe(1);
    queue.stop(item);
    expect(clock.pending).toBe(0);
  });
});

describe('the system queue', () => {
  it('is never early, and in order', async () => {
    const queue = timersOf(undefined);
    const startMs = queue.now();
    const log: { delayMs: number; tookMs: number }[] = [];
    await new Promise<void>((resolve) => {
      for (const delayMs of [12, 3.3, 0, 1, 7.9]) {
        const item = new Item(() => {
          log.push({ delayMs, tookMs: queue.now() - startMs });
          if (delayMs === 12) resolve();
        });
        queue.start(item, startMs, delayMs, true);
      }
    });
    expect(log.map(({ delayMs }) => delayMs)).toEqual([0, 1, 3.3, 7.9, 12]);
    for (const { delayMs, tookMs } of log) expect(tookMs).toBeGreaterThanOrEqual(delayMs);
  });

  it('systemClock is never early either, and can be told to forget', async () => {
    const forgotten = systemClock.setTimeout(() => {
      throw new Error('forgotten');
    }, 1);
    systemClock.clearTimeout(forgotten);
    systemClock.clearTimeout(undefined);
    const timed = Array.from({ length: 60 }, async (_, index) => {
      await new Promise<void>((resolve) => void systemClock.setTimeout(resolve, index / 7));
      const startMs = systemClock.now();
      await new Promise<void>((resolve) => void systemClock.setTimeout(resolve, 3.5));
      return systemClock.now() - startMs;
    });
    expect(Math.min(...(await Promise.all(timed)))).toBeGreaterThanOrEqual(3.5);
  });
});

/** How each kind of fake timers is used; `now` is whether it moves the time as well. */
const fakes = [
  {
    given: "Jest's fake timers",
    movesNow: true,
    on: () => void jest.useFakeTimers(),
    off: () => void jest.useRealTimers(),
    tick: (ms: number) => void jest.advanceTimersByTime(ms),
  },
  {
    given: "Jest's fake timers without performance",
    movesNow: true,
    on: () => void jest.useFakeTimers({ doNotFake: ['performance'] }),
    off: () => void jest.useRealTimers(),
    tick: (ms: number) => void jest.advanceTimersByTime(ms),
  },
  {
    given: "node:test's mock timers with Date",
    movesNow: true,
    on: () => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000 }),
    off: () => mock.timers.reset(),
    tick: (ms: number) => mock.timers.tick(ms),
  },
  {
    given: "node:test's mock timers without Date",
    movesNow: false,
    on: () => mock.timers.enable({ apis: ['setTimeout'] }),
    off: () => mock.timers.reset(),
    tick: (ms: number) => mock.timers.tick(ms),
  },
] as const;

describe.each(fakes)('the system queue under $given', ({ given, movesNow, on, off, tick }) => {
  // node:test mocks the globals of the process; Jest's tests have globals of their own, which get what it made.
  const own = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, Date: globalThis.Date };
  const fake = (): void => {
    on();
    if (given.startsWith('node:test')) Object.assign(globalThis, mockedGlobals());
  };
  const real = (): void => {
    off();
    Object.assign(globalThis, own);
  };
  afterEach(real);

  it('goes by the fake time, to the millisecond', () => {
    fake();
    const { log, start } = starter();
    start('late', 1_000);
    start('soon', 400);
    tick(399);
    expect(log).toEqual([]);
    tick(1);
    expect(log).toEqual(['soon']);
    start('between', 500);
    tick(499);
    expect(log).toEqual(['soon']);
    tick(1);
    expect(log).toEqual(['soon', 'between']);
    tick(100);
    expect(log).toEqual(['soon', 'between', 'late']);
  });

  it('keeps each item with the timers it began with', () => {
    const before = starter();
    const inReal = before.start('real', 60_000);
    const startMs = inReal.queue.now();
    fake();
    const inFake = before.start('fake', 100);
    expect(inFake.queue).not.toBe(inReal.queue);
    tick(120_000);
    expect(before.log).toEqual(['fake']);
    expect(inReal.queue.now() - startMs).toBeLessThan(60_000);
    inReal.queue.stop(inReal.item);
    expect(inReal.queue.size).toBe(0);
    real();
    expect(timersOf(undefined)).not.toBe(inFake.queue);
    expect(timersOf(undefined)).not.toBeInstanceOf(OwnTimers);
  });

  it('lets system time go on, never back, when timers are faked and given back', () => {
    const times = [timersOf(undefined).now()];
    for (let round = 0; round < 2; round++) {
      fake();
      const begunMs = timersOf(undefined).now();
      times.push(begunMs);
      tick(5_000);
      const movedMs = timersOf(undefined).now() - begunMs;
      if (movesNow) expect(movedMs).toBeCloseTo(5_000, 6);
      else expect(movedMs).toBeLessThan(5_000);
      times.push(timersOf(undefined).now());
      real();
      times.push(timersOf(undefined).now());
    }
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('leaves no fake timer behind, and ends no earlier for a fraction', () => {
    fake();
    const { log, start } = starter();
    const { queue, item } = start('stopped', 100);
    start('fraction', 10.4);
    expect(queue.size).toBe(2);
    queue.stop(item);
    queue.stop(item);
    tick(10);
    expect(log).toEqual([]);
    tick(1);
    expect(log).toEqual(['fraction']);
    expect(queue.size).toBe(0);
    if (given.startsWith('Jest')) expect(jest.getTimerCount()).toBe(0);
  });

  it('is not a millisecond late for a rounding error', () => {
    fake();
    const { log, start } = starter();
    const startMs = 1_663.059_410_533_465_6;
    const delayMs = startMs + 700 - startMs;
    expect(delayMs).toBeGreaterThan(700);
    start('rounded', delayMs);
    tick(699);
    expect(log).toEqual([]);
    tick(1);
    expect(log).toEqual(['rounded']);
  });

  it('waits longer than setTimeout can', () => {
    fake();
    const { log, start } = starter();
    start('in 30 days', 30 * 86_400_000);
    if (!movesNow) tick(2 ** 31 - 2);
    tick(30 * 86_400_000 - 1 - (movesNow ? 0 : 2 ** 31 - 2));
    expect(log).toEqual([]);
    tick(1);
    expect(log).toEqual(['in 30 days']);
  });
});

describe('the system queue when Date is faked after setTimeout', () => {
  afterEach(() => jest.useRealTimers());

  it('takes the time from it', () => {
    jest.useFakeTimers({ doNotFake: ['performance', 'Date'] });
    const { setTimeout } = globalThis;
    timersOf(undefined);
    jest.useFakeTimers({ doNotFake: ['performance'] });
    globalThis.setTimeout = setTimeout;
    const startMs = timersOf(undefined).now();
    jest.setSystemTime(Date.now() + 5_000);
    expect(timersOf(undefined).now() - startMs).toBe(5_000);
  });
});

describe('core loaded while timers are faked', () => {
  afterEach(() => jest.useRealTimers());

  it('knows them for fakes, and the real ones for real', async () => {
    jest.useFakeTimers();
    await jest.isolateModulesAsync(async () => {
      const fresh = await import('./timersOf.js');
      const plain = await import('./OwnTimers.js');
      expect(fresh.timersOf(undefined)).toBeInstanceOf(plain.OwnTimers);
      jest.useRealTimers();
      expect(fresh.timersOf(undefined)).not.toBeInstanceOf(plain.OwnTimers);
      jest.useFakeTimers();
      expect(fresh.timersOf(undefined)).toBeInstanceOf(plain.OwnTimers);
    });
  });
});

function mockedGlobals(): Partial<typeof globalThis> {
  const outer: unknown = process.getBuiltinModule('node:vm').runInThisContext('globalThis');
  if (typeof outer !== 'object' || outer === null) throw new TypeError('no global object');
  return {
    setTimeout: Reflect.get(outer, 'setTimeout') as typeof globalThis.setTimeout,
    clearTimeout: Reflect.get(outer, 'clearTimeout') as typeof globalThis.clearTimeout,
    ...(Reflect.get(Reflect.get(outer, 'Date') as object, 'isMock') === true ? { Date: Reflect.get(outer, 'Date') as typeof Date } : {}),
  };
}
