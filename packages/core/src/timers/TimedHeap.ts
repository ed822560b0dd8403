import { isEarlier, type Timed } from './Timed.js';

/** Binary heap for items whose durations are all different; each item knows its place, so that any of them can leave in O(log n). */
export class TimedHeap {
  private readonly items: Timed[] = [];

  get head(): Timed | undefined {
    return this.items[0];
  }

  add(item: Timed): void {
    this.items.push(item);
    this.rise(item, this.items.length - 1);
  }

  remove(item: Timed): void {
    const index = item.heapIndex;
    const last = this.items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.rise(last, index);
    this.sink(last, last.heapIndex);
  }

  private rise(item: Timed, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.items[parentIndex];
      if (parent === undefined || !isEarlier(item, parent)) break;
      this.put(parent, index);
      index = parentIndex;
    }
    this.put(item, index);
  }

  private sink(item: Timed, from: number): void {
    let index = from;
    for (;;) {
      const left = this.items[2 * index + 1];
      if (left === undefined) break;
      const right = this.items[2 * index + 2];
      const child = right !== undefined && isEarlier(right, left) ? right : left;
      if (!isEarlier(child, item)) break;
      const childIndex = child.heapIndex;
      this.put(child, index);
      index = childIndex;
    }
    this.put(item, index);
  }

  private put(item: Timed, index: number): void {
    this.items[index] = item;
    item.heapIndex = index;
  }
}
