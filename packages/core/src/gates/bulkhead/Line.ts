interface Place<W> {
  readonly waiter: W;
  before: Place<W> | undefined;
  after: Place<W> | undefined;
}

/** Those who wait, in the order in which they came. The first is let in, the last may have to go, and anybody may leave: each in one step. */
export class Line<W> {
  readonly #places = new Map<W, Place<W>>();
  #last: Place<W> | undefined = undefined;

  /** Who came first. */
  get first(): W | undefined {
    // A Map keeps the order; its last has to be kept beside it.
    for (const waiter of this.#places.keys()) return waiter;
    return undefined;
  }

  /** Who came last. */
  get last(): W | undefined {
    return this.#last?.waiter;
  }

  add(waiter: W): void {
    const place = { waiter, before: this.#last, after: undefined };
    if (this.#last !== undefined) this.#last.after = place;
    this.#last = place;
    this.#places.set(waiter, place);
  }

  /** Lets somebody go; false when he does not stand here. */
  remove(waiter: W): boolean {
    const place = this.#places.get(waiter);
    if (place === undefined) return false;
    this.#places.delete(waiter);
    if (place.before !== undefined) place.before.after = place.after;
    if (place.after === undefined) this.#last = place.before;
    else place.after.before = place.before;
    return true;
  }
}
