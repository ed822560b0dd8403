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

  /** Whether anything may be another than at the last `look`. Throws what a provider throws. */
  get changed(): boolean {
    const registered = registeredApis() ?? NOTHING;
    return (
      registered.trace !== this.trace ||
      registered.metrics !== this.metrics ||
      registered.logs !== this.logs ||
      (this.tracers !== undefined && tracersBehind(this.tracers) !== this.behindTracers) ||
      (this.bound !== undefined && tracersBehind(this.bound) !== this.behindBound)
    );
  }

  /** Remembers what is there, a tracer provider that core was handed included. */
  look(bound: TracerProvider | undefined): void {
    const registered = registeredApis() ?? NOTHING;
    this.trace = registered.trace;
    this.metrics = registered.metrics;
    this.logs = registered.logs;
    this.tracers = globalTracers();
    this.behindTracers = tracersBehind(this.tracers);
    this.bound = bound;
    this.behindBound = bound && tracersBehind(bound);
  }
}
