import type { Clock } from '../model/Clock.js';
import { check } from '../model/rules.js';
import { FakeTimer } from './FakeTimer.js';
import { turn } from './turn.js';

/** The longest that `setTimeout` waits: it takes 2^31 ms and more for 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Timers after which {@link FakeClock.runAll} takes a program for one without end. */
const MOST_TIMERS = 100_000;

/** Where a {@link FakeClock} begins. */
export interface FakeClockOptions {
  /** Milliseconds that `now()` says at first. Default 0. */
  readonly startMs?: number | undefined;
}

/**
 * A clock that moves when told. A policy made with it waits for nothing else: every deadline, backoff and recovery is its.
 *
 * ```ts
 * import { policy } from '@redress/core';
 * import { FakeClock, fixed } from '@redress/core/testing';
 *
 * const clock = new FakeClock();
 * const inventory = policy('inventory', { clock, retry: { backoff: fixed(1_000) } });
 * let attempts = 0;
 * const call = inventory.call(() => {
 *   attempts += 1;
 *   if (attempts === 1) throw Object.assign(new Error('busy'), { status: 503 });
 *   return 'in stock';
 * });
 * await clock.advance(999);
 * attempts; //   1
 * await clock.advance(1);
 * attempts; //   2
 * await call; // 'in stock'
 * ```
 *
 * Between timers, and before it begins and after it ends, `advance` lets every promise job run that can. It does not wait for real
 * timers, sockets or files: let such a function wait on `clock.sleep`.
 */
export class FakeClock implements Clock {
  private nowMs: number;
  /** By time, then in the order they were made. */
  private readonly timers: FakeTimer[] = [];

  constructor(options: FakeClockOptions = {}) {
    const { startMs = 0 } = check('FakeClock', options, { startMs: { must: 'a finite number of milliseconds', holds: () => true } });
    if (!Number.isFinite(startMs)) throw new RangeError(`startMs must be a finite number of milliseconds, not ${String(startMs)}`);
    this.nowMs = startMs;
  }

  /** Milliseconds; moved by {@link advance}, {@link runAll} and {@link until} alone. */
  now(): number {
    return this.nowMs;
  }

  /** As Node's; a delay below 0 or NaN counts as 0. Throws a RangeError for what the real one would take for 1 ms. */
  setTimeout(callback: () => void, delayMs: number): FakeTimer {
    if (delayMs > LONGEST_TIMER_MS) throw new RangeError(`setTimeout waits at most ${LONGEST_TIMER_MS} ms, not ${delayMs}`);
    const timer = new FakeTimer(this.nowMs + (delayMs > 0 ? delayMs : 0), callback);
    let index = this.timers.length;
    for (let before = this.timers[index - 1]; before !== undefined && before.atMs > timer.atMs; before = this.timers[index - 1]) index--;
    this.timers.splice(index, 0, timer);
    return timer;
  }

  /** Forgets a timer; harmless when it is over or not one of this clock. */
  clearTimeout(handle: unknown): void {
    const index = this.timers.findIndex((timer) => Object.is(timer, handle));
    if (index >= 0) this.timers.splice(index, 1);
  }

  /** Timers that are not over: 0 after the last call of a policy. */
  get pending(): number {
    return this.timers.length;
  }

  /** Whether a pending timer would keep the process alive, if it were a real one. */
  get keepsAlive(): boolean {
    return this.timers.some((timer) => timer.hasRef());
  }

  /** Resolves after so many milliseconds of this clock: what a slow function waits on. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.setTimeout(resolve, delayMs));
  }

  /**
   * Moves on by `byMs` milliseconds and runs each timer at its time, those included that are made on the way.
   * What a timer throws is thrown here. Throws a RangeError for anything but a finite number from 0 up.
   */
  async advance(byMs: number): Promise<void> {
    if (!(byMs >= 0 && byMs < Infinity)) {
      throw new RangeError(`advance needs a finite number of milliseconds from 0 up, not ${byMs}`);
    }
    const targetMs = this.nowMs + byMs;
    await turn();
    while (this.runNext(targetMs)) await turn();
    // Another advance may have run meanwhile and gone further.
    this.nowMs = Math.max(this.nowMs, targetMs);
  }

  /** Moves on from timer to timer until none is left. Throws an Error after 100,000 of them. */
  async runAll(): Promise<void> {
    await turn();
    for (let ran = 0; this.runNext(Infinity); ran++) {
      if (ran === MOST_TIMERS)
        throw new Error(`runAll ran ${MOST_TIMERS} timers and ${this.pending} are pending: is there a loop without end?`);
      await turn();
    }
  }

  /**
   * Moves on from timer to timer until the promise settles, and gives back what it settled to.
   * Throws an Error when it is pending and no timer is left.
   *
   * ```ts
   * const stock = await clock.until(inventory.call(getStock));
   * ```
   */
  async until<T>(promise: PromiseLike<T>): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    promise.then(settle, settle);
    await turn();
    while (!settled) {
      if (!this.runNext(Infinity)) throw new Error(`the promise is pending at ${this.nowMs} ms and no timer is left that could settle it`);
      await turn();
    }
    return promise;
  }

  private runNext(untilMs: number): boolean {
    const timer = this.timers[0];
    if (timer === undefined || timer.atMs > untilMs) return false;
    this.timers.shift();
    this.nowMs = Math.max(this.nowMs, timer.atMs);
    timer.callback();
    return true;
  }
}
