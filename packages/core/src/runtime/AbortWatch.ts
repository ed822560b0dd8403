import type { AbortSource } from '../model/CallEnd.js';
import { reasonOf } from '../model/reasonOf.js';
import type { CallSettings } from './CallSettings.js';
import { innerCallsOf } from './InnerCalls.js';

/** What ends when a signal fires. */
export interface Abortable {
  readonly settled: boolean;
  /** Ends here and now. */
  abort(reason: unknown, source: AbortSource): void;
  /** A signal fired, in the context of whoever aborted. */
  onAbort(reason: unknown, source: AbortSource): void;
}

/**
 * Watches a caller's signal for all the calls it may end, with one listener: a signal that many calls share at once, such as the one a
 * service shuts down by, would otherwise make Node warn of a leak at the eleventh.
 */
class AbortWatch {
  private readonly calls = new Map<Abortable, AbortSource>();

  constructor(private readonly signal: AbortSignal) {}

  add(call: Abortable, source: AbortSource): void {
    if (this.calls.size === 0) this.signal.addEventListener('abort', this);
    if (!this.calls.has(call)) this.calls.set(call, source);
  }

  remove(call: Abortable): void {
    if (!this.calls.delete(call) || this.calls.size > 0) return;
    try {
      this.signal.removeEventListener('abort', this);
    } catch {
      // A signal of the caller's own making: its listener then stays, and ends nothing.
    }
  }

  handleEvent(): void {
    const reason = reasonOf(this.signal);
    for (const [call, source] of [...this.calls]) call.onAbort(reason, source);
  }
}

const watches = new WeakMap<AbortSignal, AbortWatch>();

/** Ends the call when one of its signals fires, until `unwatchSignals`; true when one had fired already, and so ended the call. */
export function watchSignals(options: CallSettings, call: Abortable): boolean {
  const { signal, parent } = options;
  if (watch(signal, call, 'caller') || parent === undefined) return call.settled;
  options.parentSignal ??= parent.signal;
  return watch(options.parentSignal, call, 'parent');
}

/** Forgets the call; a signal without calls has no listener. */
export function unwatchSignals({ signal, parent, parentSignal }: CallSettings, call: Abortable): void {
  if (signal !== undefined) watches.get(signal)?.remove(call);
  if (parentSignal !== undefined) watches.get(parentSignal)?.remove(call);
  if (parent !== undefined) innerCallsOf(parent)?.remove(call);
}

function watch(signal: AbortSignal | undefined, call: Abortable, source: AbortSource): boolean {
  if (signal === undefined || call.settled) return call.settled;
  if (signal.aborted) {
    call.abort(reasonOf(signal), source);
    return call.settled;
  }
  let own = watches.get(signal);
  if (own === undefined) {
    own = new AbortWatch(signal);
    watches.set(signal, own);
  }
  own.add(call, source);
  return false;
}
