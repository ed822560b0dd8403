/** What holds an item, and lets it go: a list, which knows items in turn. */
export interface TimedHolder {
  remove(item: Timed): void;
}

/**
 * Something with a deadline: calls, attempts and sleeps extend it, so that a deadline costs no object beside its owner.
 * The fields belong to the {@link TimerQueue} that holds the item; an item is in one queue at a time, once.
 */
export abstract class Timed {
  /** Neighbours in the list of its duration. */
  previousTimed: Timed | undefined = undefined;
  nextTimed: Timed | undefined = undefined;
  /** The list that holds it, when one does. */
  timedIn: TimedHolder | undefined = undefined;
  /** Its place in the heap, when the heap holds it; -1 otherwise. */
  heapIndex = -1;
  /** When it is due, by the queue's clock. Begins as a double, so that V8 keeps one shape for all. */
  dueMs = 0.5;
  /** Counts starts: what is due at one time goes off in the order of start. */
  startOrder = 0;
  /** Whether the process stays alive for it. */
  keepsAlive = false;

  /** Called once when due, unless stopped first. It may start and stop any item, itself included. */
  abstract onTime(): void;
}

/** Whether `a` goes off before `b`. */
export function isEarlier(a: Timed, b: Timed): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.startOrder < b.startOrder);
}
