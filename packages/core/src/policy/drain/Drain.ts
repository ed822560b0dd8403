import type { Gate } from '../../gates/Gate.js';
import type { PolicyTelemetry } from '../../telemetry/port/Telemetry.js';
import { DrainGate } from './DrainGate.js';
import { DrainWait } from './DrainWait.js';
import type { DrainOptions } from './options.js';
import { watchActive } from './watchActive.js';

/** A policy as a drain sees it. */
export interface Drained {
  readonly name: string;
  /** Counts its calls. */
  readonly telemetry: PolicyTelemetry;
  /** Puts another gate before its calls, made of the one that stands there; undefined for none. */
  standBefore(gateOf: (before: Gate | undefined) => Gate | undefined): void;
}

/**
 * The drain of a registry: its policies take no calls, and those in flight are waited for. What was let in goes on as it would at any time,
 * with its retries and the calls that are made in it as their `parent`.
 */
export class Drain {
  readonly #held = new Map<Drained, () => void>();
  readonly #waits = new Set<DrainWait>();
  #isEmpty = false;

  /** No call has been in flight since it began. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** A policy takes no calls any more. Told again when its parts are others. */
  hold(state: Drained): void {
    state.standBefore((before) => new DrainGate(state.name, before instanceof DrainGate ? before.before : before, this));
    if (!this.#held.has(state))
      this.#held.set(
        state,
        watchActive(state.telemetry, () => this.#look()),
      );
  }

  /** Resolves with true once no call is in flight, with false when the time is up before. */
  wait({ timeoutMs, clock }: DrainOptions): Promise<boolean> {
    const wait = new DrainWait(timeoutMs, clock, (over) => this.#waits.delete(over));
    this.#waits.add(wait);
    this.#look();
    return wait.isDrained;
  }

  /** Calls are taken again. */
  end(): void {
    for (const [state, unwatch] of this.#held) {
      unwatch();
      state.standBefore((gate) => (gate instanceof DrainGate ? gate.before : gate));
    }
    this.#held.clear();
    for (const wait of this.#waits) wait.cancel();
  }

  #look(): void {
    for (const { telemetry } of this.#held.keys()) if (telemetry.active > 0) return;
    this.#isEmpty = true;
    for (const wait of this.#waits) wait.empty();
  }
}
