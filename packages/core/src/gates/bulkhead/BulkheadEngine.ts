/** Somebody who waits for a place; told once when it is his. */
export interface Waiter {
  admitted(): void;
}

/**
 * Places to run, and a queue for them: first come, first served. It waits for nothing itself: who gets a place later is told so by whoever
 * gave it back. A place that is freed goes to the first who waits, so that nobody who comes at that moment overtakes him.
 */
export class BulkheadEngine {
  #running = 0;
  /** In the order they came: a Set keeps it, and lets anybody leave from the middle. Made when somebody waits. */
  #waiting: Set<Waiter> | undefined;

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
    return this.#waiting?.size ?? 0;
  }

  /** Takes a place; false when there is none. */
  tryEnter(): boolean {
    if (this.#running >= this.maxConcurrent) return false;
    this.#running += 1;
    return true;
  }

  /** Waits for a place; false when too many do. */
  tryQueue(waiter: Waiter): boolean {
    if (this.queued >= this.maxQueued) return false;
    this.#waiting ??= new Set();
    this.#waiting.add(waiter);
    return true;
  }

  /** Waits no longer; nothing when he has his place already. */
  cancel(waiter: Waiter): void {
    this.#waiting?.delete(waiter);
  }

  /** Gives a place back: to the first who waits. */
  leave(): void {
    const waiting = this.#waiting;
    for (const waiter of waiting ?? []) {
      waiting?.delete(waiter);
      waiter.admitted();
      return;
    }
    this.#running -= 1;
  }
}
