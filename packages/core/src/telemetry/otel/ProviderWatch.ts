import type { TracerProvider } from '@opentelemetry/api';
import { globalTracers, type RegisteredApis, registeredApis, tracersBehind } from './providers.js';

const NOTHING: RegisteredApis = {};

/**
 * Notices that a provider was registered, taken away, or changed behind its proxy.
 *
 * Every call asks: so identities are compared where the API keeps them, instead of asking its getters, each of which looks up and
 * checks what is registered anew.
 */
export class ProviderWatch {
  private trace: unknown = undefined;
  private metrics: unknown = undefined;
  private logs: unknown = undefined;
  private tracers: TracerProvider | undefined = undefined;
  private behindTracers: TracerProvider | undefined = undefined;
  private bound: TracerProvider | undefined = undefined;
  private behindBound: TracerProvider | undefined = undefined;

  /** Nothing was registered, ever, nothing bound, and nobody listens: as long as that is so, one look at a global says it. */
  idle = false;

  /** Whether anything may be another than at the last `look`. Throws what a provider throws. */
  get changed(): boolean {
    const present = registeredApis();
    if (present === undefined && this.idle) return false;
    const registered = present ?? NOTHING;
    return (
      registered.trace !== this.trace ||
      registered.metrics !== this.metrics ||
      registered.logs !== this.logs ||
      (this.tracers !== undefined && tracersBehind(this.tracers) !== this.behindTracers) ||
      (this.bound !== undefined && tracersBehind(this.bound) !== this.behindBound)
    );
  }

  /** Remembers what is there, a tracer provider that core was handed included. */
  look(bound: TracerProvider | undefined, nobodyListens = false): void {
    const present = registeredApis();
    const registered = present ?? NOTHING;
    this.idle = present === undefined && bound === undefined && nobodyListens;
    this.trace = registered.trace;
    this.metrics = registered.metrics;
    this.logs = registered.logs;
    this.tracers = globalTracers();
    this.behindTracers = tracersBehind(this.tracers);
    this.bound = bound;
    this.behindBound = bound && tracersBehind(bound);
  }
}
