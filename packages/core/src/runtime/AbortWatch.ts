/** What ends when a signal fires. */
export interface Abortable {
  abort(reason: unknown): void;
}

/**
 * Watches a caller's signal for all the calls it may end, with one listener: a signal that many calls share at once, such as the one a
 * service shuts down by, would otherwise make Node warn of a leak at the eleventh.
 */
class AbortWatch {
  private readonly calls = new Set<Abortable>();

  constructor(private readonly signal: AbortSignal) {}

  add(call: Abortable): void {
    if (this.calls.size === 0) this.signal.addEventListener('abort', this);
    this.calls.add(call);
  }

  remove(call: Abortable): void {
    if (this.calls.delete(call) && this.calls.size === 0) this.signal.removeEventListener('abort', this);
  }

  handleEvent(): void {
    for (const call of [...this.calls]) call.abort(this.signal.reason);
  }
}

const watches = new WeakMap<AbortSignal, AbortWatch>();

/** Ends the call when the signal fires, until `unwatch`. */
export function watch(signal: AbortSignal, call: Abortable): void {
  let own = watches.get(signal);
  if (own === undefined) {
    own = new AbortWatch(signal);
    watches.set(signal, own);
  }
  own.add(call);
}

/** Forgets the call; a signal without calls has no listener. */
export function unwatch(signal: AbortSignal, call: Abortable): void {
  watches.get(signal)?.remove(call);
}
