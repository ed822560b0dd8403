import type { Clock } from '../../model/Clock.js';
import { isThenable } from '../../model/isThenable.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import { CallTimer } from '../../timers/CallTimer.js';
import { timersOf } from '../../timers/timersOf.js';
import type { CacheEntry, CacheStore } from './CacheStore.js';

type Method = 'get' | 'set' | 'delete';

/** A user's store, which can neither fail a call nor hold it for longer than a bound. What it does wrong is told when it begins to. */
export class StoreGuard {
  private readonly failing = new Set<Method>();

  constructor(
    private readonly store: CacheStore,
    private readonly timeoutMs: number,
  ) {}

  /** The entry of a key; undefined where there is none. A promise of it, which never rejects, where the store takes its time. */
  get(key: string, clock: Clock | undefined): CacheEntry | undefined | Promise<CacheEntry | undefined> {
    try {
      const given = this.store.get(key);
      if (!isThenable(given)) return this.entryOf(given);
      return this.bounded('get', given, clock).then((entry) => this.entryOf(entry));
    } catch (error) {
      this.failed('get', 'threw', error);
      return undefined;
    }
  }

  set(key: string, entry: CacheEntry, keepMs: number): void {
    try {
      const given = this.store.set(key, entry, keepMs);
      if (isThenable(given)) void this.settled('set', given);
      else this.failing.delete('set');
    } catch (error) {
      this.failed('set', 'threw', error);
    }
  }

  /** Whether the store has forgotten it. */
  async delete(key: string, clock: Clock | undefined): Promise<boolean> {
    try {
      const given = this.store.delete(key);
      if (isThenable(given)) return (await this.bounded('delete', given, clock)) !== FAILED;
      this.failing.delete('delete');
      return true;
    } catch (error) {
      this.failed('delete', 'threw', error);
      return false;
    }
  }

  /** What the promise gives, or that it failed; it is not waited for longer than may be. */
  private bounded(method: Method, given: PromiseLike<unknown>, clock: Clock | undefined): Promise<unknown> {
    return new Promise((resolve) => {
      const timers = timersOf(clock);
      let isOver = false;
      const over = (value: unknown): void => {
        isOver = true;
        resolve(value);
      };
      const timer = new CallTimer({
        onTime: () => {
          this.failed(method, `took longer than ${this.timeoutMs} ms`);
          over(FAILED);
        },
      });
      // Whoever waits keeps the process alive by his own deadline.
      timers.start(timer, timers.now(), this.timeoutMs, false);
      void this.settled(method, given, () => isOver).then((value) => {
        timers.stop(timer);
        over(value);
      });
    });
  }

  /** Taken into a promise of ours, which hears one answer: a promise may have a `then` of its own. */
  private async settled(method: Method, given: PromiseLike<unknown>, isLate = () => false): Promise<unknown> {
    try {
      const value = await given;
      if (!isLate()) this.failing.delete(method);
      return value;
    } catch (error) {
      if (!isLate()) this.failed(method, 'rejected', error);
      return FAILED;
    }
  }

  private entryOf(given: unknown): CacheEntry | undefined {
    if (given === undefined || given === null || given === FAILED) return undefined;
    try {
      const { value, storedAtMs, ttlMs } = given as CacheEntry;
      if (Number.isFinite(storedAtMs) && Number.isFinite(ttlMs)) {
        this.failing.delete('get');
        return { value, storedAtMs, ttlMs };
      }
      this.failed('get', 'gave what is no entry');
    } catch (error) {
      this.failed('get', 'gave what cannot be read', error);
    }
    return undefined;
  }

  private failed(method: Method, what: string, error?: unknown): void {
    if (this.failing.has(method)) return;
    this.failing.add(method);
    const then = method === 'get' ? 'that counts as a miss' : method === 'set' ? 'the result is not kept' : 'an old result may stay';
    telemetry().warn(`the ${method} of a cache's store ${what}; ${then} (told again when it has worked meanwhile)`, error);
  }
}

const FAILED = Symbol('failed');
