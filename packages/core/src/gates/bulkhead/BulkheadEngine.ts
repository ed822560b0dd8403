import { type BulkheadPriority, PRIORITIES } from './callOptions.js';
import { Line } from './Line.js';

/** Somebody who waits for a place; told once when it is his, or when he has to go. */
export interface Waiter {
  admitted(): void;
  displaced(): void;
}

/**
 * Places to run, and a queue for them: a class after the other, and in a class first come, first served. It waits for nothing itself: who
 * gets a place later is told so by whoever gave it back. A place that is freed goes to the first who waits, so that nobody who comes at
 * that moment overtakes him. When the queue is full, who comes takes the place of the newest of the lowest class below his own.
 */
export class BulkheadEngine {
  #running = 0;
  #queued = 0;
  /** By class, the highest first, each in the order they came. Made when somebody waits. */
  #classes: readonly Line<Waiter>[] = [];

  constructor(
    readonly maxConcurrent: number,
    readonly maxQueued: number,
  ) {}

  /** Places taken. */
  get running(): number {
    return this.#running;
  }

  /** Those who wait. */
  get queued(): number {
    return this.#queued;
  }

  /** Takes a place; false when there is none. */
  tryEnter(): boolean {
    if (this.#running >= this.maxConcurrent) return false;
    this.#running += 1;
    return true;
  }

  /** Waits for a place; false when too many do, and none of a lower class. */
  tryQueue(waiter: Waiter, priority: BulkheadPriority = 'normal'): boolean {
    const rank = PRIORITIES.indexOf(priority);
    if (this.#queued >= this.maxQueued && !this.#displaceBelow(rank)) return false;
    this.#queued += 1;
    if (this.#classes.length === 0) this.#classes = PRIORITIES.map(() => new Line<Waiter>());
    this.#classes[rank]?.add(waiter);
    return true;
  }

  /** Waits no longer; nothing when he has his place already, or had to go. */
  cancel(waiter: Waiter): void {
    if (this.#classes.some((line) => line.remove(waiter))) this.#queued -= 1;
  }

  /** Gives a place back: to the first who waits. */
  leave(): void {
    for (const line of this.#classes) {
      const { first } = line;
      if (first === undefined) continue;
      line.remove(first);
      this.#queued -= 1;
      first.admitted();
      return;
    }
    this.#running -= 1;
  }

  #displaceBelow(rank: number): boolean {
    for (let lowest = this.#classes.length - 1; lowest > rank; lowest -= 1) {
      const line = this.#classes[lowest];
      const last = line?.last;
      if (line === undefined || last === undefined) continue;
      line.remove(last);
      this.#queued -= 1;
      last.displaced();
      return true;
    }
    return false;
  }
}
