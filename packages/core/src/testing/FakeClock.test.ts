import fc from 'fast-check';
import { FakeClock } from './FakeClock.js';

describe('FakeClock', () => {
  it('stands still until told', async () => {
    const clock = new FakeClock({ startMs: 500 });
    expect(clock.now()).toBe(500);
    await clock.advance(0);
    expect(clock.now()).toBe(500);
    await clock.advance(1.5);
    expect(clock.now()).toBe(501.5);
  });

  it.each([
    { given: 'timers out of order', delays: [30, 10, 20], by: 100, then: ['10@10', '20@20', '30@30'] },
    { given: 'timers at one time', delays: [10, 10, 10], by: 10, then: ['10@10', '10@10', '10@10'] },
    { given: 'a timer beyond the step', delays: [10, 11], by: 10, then: ['10@10'] },
    { given: 'delays that are no time', delays: [-5, Number.NaN, 0], by: 0, then: ['-5@0', 'NaN@0', '0@0'] },
  ])('runs $given at their time', async ({ delays, by, then }) => {
    const clock = new FakeClock();
    const ran: string[] = [];
    for (const delay of delays) clock.setTimeout(() => ran.push(`${delay}@${clock.now()}`), delay);
    await clock.advance(by);
    expect(ran).toEqual(then);
    expect(clock.pending).toBe(delays.length - then.length);
    expect(clock.now()).toBe(by);
  });

  it('lets a chain of promise jobs of any length run between two timers', async () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    const chain = async (): Promise<void> => {
      for (let job = 0; job < 1_000; job++) await Promise.resolve();
      await new Promise<void>((resolve) => process.nextTick(resolve));
      seen.push(`chain done at ${clock.now()}`);
    };
    clock.setTimeout(() => void chain(), 10);
    clock.setTimeout(() => seen.push('next timer'), 11);
    await clock.advance(20);
    expect(seen).toEqual(['chain done at 10', 'next timer']);
  });

  it('runs jobs that were waiting before the first timer', async () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    void Promise.resolve().then(() => clock.setTimeout(() => seen.push(clock.now()), 5));
    await clock.advance(5);
    expect(seen).toEqual([5]);
  });

  it('runs timers that are made on the way', async () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.now());
      clock.setTimeout(tick, 10);
    };
    clock.setTimeout(tick, 10);
    await clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.pending).toBe(1);
  });

  it('works while the timers of the test runner are faked', async () => {
    jest.useFakeTimers();
    try {
      const clock = new FakeClock();
      const slept = clock.sleep(10).then(() => clock.now());
      await clock.advance(10);
      await expect(slept).resolves.toBe(10);
    } finally {
      jest.useRealTimers();
    }
  });

  it('lets two functions that take time run side by side', async () => {
    const clock = new FakeClock();
    await Promise.all([clock.advance(100), clock.advance(100)]);
    expect(clock.now()).toBe(100);
  });

  it('never goes back when one of them is ahead', async () => {
    const clock = new FakeClock();
    const times: number[] = [];
    clock.setTimeout(() => times.push(clock.now()), 50);
    clock.setTimeout(() => times.push(clock.now()), 200);
    const short = clock.advance(100).then(() => times.push(clock.now()));
    await Promise.all([clock.advance(300), short]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(clock.now()).toBe(300);
  });

  it('forgets a cleared timer, and bears strange handles', async () => {
    const clock = new FakeClock();
    let ran = false;
    const timer = clock.setTimeout(() => (ran = true), 10);
    clock.clearTimeout(timer);
    clock.clearTimeout(timer);
    clock.clearTimeout(undefined);
    clock.clearTimeout(new FakeClock().setTimeout(() => undefined, 1));
    await clock.advance(20);
    expect(ran).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('knows whether it would keep the process alive', () => {
    const clock = new FakeClock();
    expect(clock.keepsAlive).toBe(false);
    const timer = clock.setTimeout(() => undefined, 10);
    expect(clock.keepsAlive).toBe(true);
    timer.unref();
    expect(clock.keepsAlive).toBe(false);
    timer.ref();
    expect(clock.keepsAlive).toBe(true);
  });

  it.each([-1, Number.NaN, Infinity, -Infinity])('does not advance by %p', async (byMs) => {
    await expect(new FakeClock().advance(byMs)).rejects.toThrow(
      new RangeError(`advance needs a finite number of milliseconds from 0 up, not ${byMs}`),
    );
  });

  it('refuses what a real timer or clock would not do', () => {
    expect(() => new FakeClock().setTimeout(() => undefined, 2 ** 31)).toThrow(RangeError);
    expect(() => new FakeClock({ startMs: Number.NaN })).toThrow('startMs must be a finite number of milliseconds, not NaN');
  });

  it('throws what a timer throws, and can go on after it', async () => {
    const clock = new FakeClock();
    let ran = false;
    clock.setTimeout(() => {
      throw new Error('in a timer');
    }, 10);
    clock.setTimeout(() => (ran = true), 20);
    await expect(clock.advance(30)).rejects.toThrow('in a timer');
    expect(clock.now()).toBe(10);
    await clock.advance(10);
    expect(ran).toBe(true);
  });

  it('runAll runs what is left, and gives up on a loop', async () => {
    const clock = new FakeClock();
    const slept = clock.sleep(10).then(() => clock.sleep(1_000));
    await clock.runAll();
    await slept;
    expect(clock.now()).toBe(1_010);
    const loop = (): void => void clock.setTimeout(loop, 1);
    loop();
    await expect(clock.runAll()).rejects.toThrow('is there a loop without end?');
  });

  it.each([
    { given: 'a promise that resolves', promise: (clock: FakeClock) => clock.sleep(70).then(() => 'value'), then: 'value' },
    { given: 'a promise that is over', promise: () => Promise.resolve('value'), then: 'value' },
  ])('until moves to the end of $given', async ({ promise, then }) => {
    const clock = new FakeClock();
    await expect(clock.until(promise(clock))).resolves.toBe(then);
  });

  it('until moves no further than it must, throws what the promise throws, and tells of a promise that nothing settles', async () => {
    const clock = new FakeClock();
    clock.setTimeout(() => undefined, 5_000);
    const failure = new Error('of the promise');
    const failing = clock.sleep(70).then(() => {
      throw failure;
    });
    await expect(clock.until(failing)).rejects.toBe(failure);
    expect(clock.now()).toBe(70);
    await expect(clock.until(new Promise(() => undefined))).rejects.toThrow('no timer is left that could settle it');
  });

  it('runs any set of timers by time, then in the order they were made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 40 }), fc.array(fc.nat(15), { maxLength: 10 }), async (delays, steps) => {
        const clock = new FakeClock();
        const ran: { delay: number; index: number; atMs: number }[] = [];
        for (const [index, delay] of delays.entries()) clock.setTimeout(() => ran.push({ delay, index, atMs: clock.now() }), delay);
        for (const step of steps) await clock.advance(step);
        const expected = delays
          .map((delay, index) => ({ delay, index, atMs: delay }))
          .filter(({ delay }) => delay <= clock.now() && steps.length > 0)
          .sort((a, b) => a.delay - b.delay || a.index - b.index);
        expect(ran).toEqual(expected);
      }),
    );
  });
});
