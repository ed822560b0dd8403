import type { Timed, TimedHolder } from './Timed.js';

/**
 * Items of one duration in the order they are due: what began first ends first, so the head is always the next.
 *
 * They form a ring, of which the list keeps the last alone: a store of a young object into an old one, as the list is, costs V8 a note
 * for its collector, and with head and tail each call would pay for two (measured: 3 ns).
 */
export class DurationList implements TimedHolder {
  delayMs: number;
  private last: Timed | undefined = undefined;

  constructor(delayMs: number) {
    this.delayMs = delayMs;
  }

  get head(): Timed | undefined {
    return this.last?.nextTimed;
  }

  /** Adds an item; a step back from the last is only needed when it was started with an older `now`. */
  add(item: Timed): void {
    const { last } = this;
    item.timedIn = this;
    if (last === undefined || last.dueMs <= item.dueMs) {
      put(item, last ?? item);
      this.last = item;
      return;
    }
    let before = last.previousTimed;
    while (before !== undefined && before !== last && before.dueMs > item.dueMs) before = before.previousTimed;
    // All the way round: it is the new head, which stands after the last.
    put(item, before ?? last);
  }

  /** Takes an item of this list out. */
  remove(item: Timed): void {
    const { previousTimed: before, nextTimed: after } = item;
    if (before === item) this.last = undefined;
    else {
      if (before !== undefined) before.nextTimed = after;
      if (after !== undefined) after.previousTimed = before;
      if (this.last === item) this.last = before;
    }
    item.previousTimed = undefined;
    item.nextTimed = undefined;
    item.timedIn = undefined;
  }
}

/** Puts an item behind another one of a ring; behind itself, it is a ring. */
function put(item: Timed, before: Timed): void {
  const after = before.nextTimed ?? item;
  item.previousTimed = before;
  item.nextTimed = after;
  before.nextTimed = item;
  after.previousTimed = item;
}
