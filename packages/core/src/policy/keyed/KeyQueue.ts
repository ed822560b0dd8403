/** What stands in a queue, in one at most. The links are its own, so that a key costs no object for its place. */
export interface Link {
  queue: object | undefined;
  older: Link | undefined;
  newer: Link | undefined;
}

/** A queue that anybody may leave from the middle. */
export class KeyQueue<T extends Link> {
  private first: T | undefined;
  private last: T | undefined;

  /** Who came first of those in it. */
  get oldest(): T | undefined {
    return this.first;
  }

  push(item: T): void {
    item.queue = this;
    item.older = this.last;
    item.newer = undefined;
    if (this.last === undefined) this.first = item;
    else this.last.newer = item;
    this.last = item;
  }

  /** Nothing for what is not in it. */
  remove(item: T): void {
    if (item.queue !== this) return;
    if (item.older === undefined) this.first = item.newer as T | undefined;
    else item.older.newer = item.newer;
    if (item.newer === undefined) this.last = item.older as T | undefined;
    else item.newer.older = item.older;
    item.queue = undefined;
    item.older = undefined;
    item.newer = undefined;
  }
}
