import { isMarked } from '../../model/isMarked.js';
import { reasonOf } from '../../model/reasonOf.js';
import { aFunction, aSignal, check, hold, type Rules } from '../../model/rules.js';
import type { GaugeObserver } from '../../telemetry/port/Telemetry.js';
import {
  METRIC_REDRESS_BULKHEAD_IN_FLIGHT,
  METRIC_REDRESS_BULKHEAD_LIMIT,
  METRIC_REDRESS_BULKHEAD_QUEUED,
} from '../../telemetry/port/semconv.js';
import type { GateInUse } from '../GatePart.js';
import { orAborted } from '../orAborted.js';
import { BulkheadEngine } from './BulkheadEngine.js';
import { BulkheadGate } from './BulkheadGate.js';
import { type BulkheadCallOption, callRules } from './callOptions.js';
import type { BulkheadHealth } from './BulkheadHealth.js';
import { type BulkheadOptions, ResolvedBulkhead } from './options.js';

/** Of `run`. */
const runRules: Rules = { signal: aSignal, ...callRules };

/** By this, and not by its class, a bulkhead is known to another copy of this package. */
const ATTACH = Symbol.for('redress.bulkhead.attach');

/** Whether a value is a bulkhead, of this copy of the package or another. */
export function isBulkhead(value: unknown): value is Bulkhead {
  return isMarked(value, ATTACH);
}

/** Takes a bulkhead into use by a policy, whose name it takes when it has none. */
export function attach(bulkhead: Bulkhead, policy: string): GateInUse {
  return bulkhead[ATTACH](policy);
}

/**
 * Lets only so many calls run at once, so that a slow dependency cannot take all that a service has: the others wait in a queue, those of a
 * higher priority first, then first come, first served, or are refused. An instance may be shared between policies, and used alone.
 *
 * Source: M. Nygard, "Release It!", Bulkheads.
 */
export class Bulkhead {
  readonly #engine: BulkheadEngine;
  #name: string | undefined;

  /** @throws TypeError that names the option, the value and the rule. */
  constructor(options: BulkheadOptions) {
    const resolved = ResolvedBulkhead.is(options) ? options : new ResolvedBulkhead('bulkhead', options);
    const { maxConcurrent, maxQueued, name } = resolved;
    this.#engine = new BulkheadEngine(maxConcurrent, maxQueued);
    this.#name = name;
  }

  /** What its errors call it. */
  get name(): string {
    return this.#name ?? 'bulkhead';
  }

  /** Calls that may wait. */
  get maxQueued(): number {
    return this.#engine.maxQueued;
  }

  /** Calls that hold a place now: those that run, and those whose function outlived them. */
  get inFlight(): number {
    return this.#engine.running;
  }

  /** Calls that wait now. */
  get queued(): number {
    return this.#engine.queued;
  }

  /**
   * Runs a function when there is a place for it. Resolves with its result and rejects with its error.
   *
   * Rejects with a `BulkheadFullError` when there is neither a place to run nor one to wait, or when a call of a higher `priority` takes
   * its place in the queue, and with the signal's reason when that fires
   * while it waits: its place in the queue is then free. A function that runs is not stopped; give it the signal too.
   */
  async run<R>(fn: () => R, options: BulkheadCallOption & { readonly signal?: AbortSignal | undefined } = {}): Promise<Awaited<R>> {
    hold('bulkhead.run', 'fn', fn, aFunction);
    const { signal, priority } = check('bulkhead.run', options, runRules);
    if (signal?.aborted === true) throw reasonOf(signal);
    const answer = new BulkheadGate(this.name, this.#engine).admit(priority);
    const place = answer.kind === 'queued' ? await orAborted(answer, signal, (unneeded) => unneeded.freed?.()) : answer;
    if (place.kind === 'refusal') throw place.error(undefined);
    try {
      return await fn();
    } finally {
      place.freed?.();
    }
  }

  #stats(): BulkheadHealth {
    const { running: inFlight, queued, maxConcurrent, maxQueued } = this.#engine;
    return { name: this.name, inFlight, queued, maxConcurrent, maxQueued };
  }

  /** @internal */
  [ATTACH](policy: string): GateInUse {
    this.#name ??= policy;
    const engine = this.#engine;
    return {
      gate: new BulkheadGate(this.name, engine),
      scope: 'call',
      isAtRest: () => engine.running === 0 && engine.queued === 0,
      observe: (observer: GaugeObserver): void => {
        observer.observe(METRIC_REDRESS_BULKHEAD_IN_FLIGHT, engine.running);
        observer.observe(METRIC_REDRESS_BULKHEAD_QUEUED, engine.queued);
        observer.observe(METRIC_REDRESS_BULKHEAD_LIMIT, engine.maxConcurrent);
      },
      health: () => ({ stats: this.#stats() }),
    };
  }
}
