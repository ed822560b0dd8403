import type { CallOptions } from '../model/CallOptions.js';

/** What ends when a signal fires. */
export interface Abortable {
  readonly settled: boolean;
  /** Ends here and now. */
  abort(reason: unknown): void;
  /** A signal fired, in the context of whoever aborted. */
  onAbort(reason: unknown): void;
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
    for (const call of [...this.calls]) call.onAbort(this.signal.reason);
  }
}

const watches = new WeakMap<AbortSignal, AbortWatch>();

/** The signals that may end a call: its own, and that of the attempt it is made in. */
type Signals = Pick<CallOptions, 'signal' | 'parent'>;

/** Ends the call when one of its signals fires, until `unwatchSignals`; true when one had fired already, and so ended the call. */
export function watchSignals({ signal, parent }: Signals, call: Abortable): boolean {
  return watch(signal, call) || watch(parent?.signal, call);
}

/** Forgets the call; a signal without calls has no listener. */
export function unwatchSignals({ signal, parent }: Signals, call: Abortable): void {
  if (signal !== undefined) watches.get(signal)?.remove(call);
  if (parent !== undefined) watches.get(parent.signal)?.remove(call);
}

function watch(signal: AbortSignal | undefined, call: Abortable): boolean {
  if (signal === undefined || call.settled) return call.settled;
  if (signal.aborted) {
    call.abort(signal.reason);
    return call.settled;
  }
  let own = watches.get(signal);
  if (own === undefined) {
    own = new AbortWatch(signal);
    watches.set(signal, own);
  }
  own.add(call);
  return false;
}
