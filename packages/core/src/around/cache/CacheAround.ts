import { isSingleUse } from './singleUse.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import type { Answer, Around, AroundCall, Later } from '../Around.js';
import type { AroundOwner } from '../AroundPart.js';
import type { End } from '../End.js';
import type { CacheEntry } from './CacheStore.js';
import type { Flight } from './Flight.js';
import type { Flights } from './Flights.js';
import { FromCache } from './FromCache.js';
import { keptUnder } from './keptUnder.js';
import type { LruEntries } from './LruEntries.js';
import type { ResolvedCache } from './options.js';
import type { StoreGuard } from './StoreGuard.js';
import { sizeOf } from './sizeOf.js';
import { wallTimeOf } from './wallTimeOf.js';

/** What a cache is made of; all policies that share it have the same. */
export interface CacheParts {
  readonly options: ResolvedCache;
  readonly entries: LruEntries;
  readonly store: StoreGuard | undefined;
  readonly flights: Flights;
}

/** A cache around the calls of one policy. */
export class CacheAround implements Around {
  private readonly wallMs: () => number;
  private toldSingleUse = false;

  constructor(
    readonly handle: object,
    private readonly parts: CacheParts,
    private readonly owner: AroundOwner,
  ) {
    this.wallMs = wallTimeOf(owner.clock);
  }

  enter(call: AroundCall): Answer | Later | undefined {
    const cacheKey = call.asked?.cacheKey;
    if (cacheKey === undefined) return undefined;
    const key = keptUnder(cacheKey, call.key);
    const { entries, store, flights } = this.parts;
    const flight = flights.of(key);
    if (call.isAgain && flight?.isReserved === true) return void flights.lead(flight, call);
    if (store === undefined) return this.decide(call, key, this.ownEntry(entries.get(key)));
    // The store was asked by whoever began it.
    if (flight !== undefined) return this.decide(call, key, flight.stale);
    return this.ask(store, call, key);
  }

  succeeded(call: AroundCall, value: unknown): void {
    const { flights } = this.parts;
    const flight = flights.partOf(call);
    if (flight === undefined) return;
    const leads = flight.leader === call;
    if (isSingleUse(value)) {
      this.tellSingleUse();
      if (leads) this.goAlone(flight);
      return;
    }
    if (!flight.isDetached) this.keep(call, flight.key, value);
    if (leads) flights.land(flight, FromCache.coalesced(value));
  }

  ended(call: AroundCall, end: End): Answer | undefined {
    const flight = this.parts.flights.partOf(call);
    if (flight === undefined) return undefined;
    const { stale } = flight;
    if (flight.leader === call) this.leaderEnded(flight, end);
    if (stale === undefined || call.isAgain || !mayAnswerFor(end)) return undefined;
    const ageMs = this.ageOf(stale, call);
    return ageMs < stale.ttlMs + this.parts.options.staleIfErrorMs ? FromCache.stale(stale.value, ageMs) : undefined;
  }

  /** Of another clock it has no age. */
  private ownEntry(entry: ReturnType<LruEntries['get']>): CacheEntry | undefined {
    return entry?.clock === this.owner.clock ? entry : undefined;
  }

  private ask(store: StoreGuard, call: AroundCall, key: string): Answer | Later | undefined {
    const { flights } = this.parts;
    const { recorder } = call;
    const flight = flights.open(key);
    const get = () => store.get(key, this.owner.clock);
    const found = recorder === undefined ? get() : recorder.within(get);
    if (!(found instanceof Promise)) {
      this.found(flight, found);
      // Ended by the store, which is the user's code.
      return call.settled ? undefined : this.decide(call, key, found);
    }
    const later = flights.join(flight, call, tellMiss);
    void found.then((entry) => this.found(flight, entry, call));
    return later;
  }

  /** The store has answered: those who wait for that go on. */
  private found(flight: Flight, entry: CacheEntry | undefined, call?: AroundCall): void {
    const { flights, options } = this.parts;
    const ageMs = entry === undefined ? Infinity : this.ageOf(entry, call);
    if (entry === undefined || flight.isDetached) return flights.pass(flight);
    if (ageMs < entry.ttlMs) return flights.land(flight, FromCache.fresh(entry.value, ageMs));
    if (ageMs < entry.ttlMs + options.staleWhileRevalidateMs) flights.refresh(flight, entry, FromCache.stale(entry.value, ageMs));
    else {
      flight.stale = entry;
      flights.pass(flight);
    }
  }

  private decide(call: AroundCall, key: string, entry: CacheEntry | undefined): Answer | Later | undefined {
    const { flights, options } = this.parts;
    const flight = flights.of(key);
    if (entry !== undefined) {
      const ageMs = this.ageOf(entry, call);
      if (ageMs < entry.ttlMs) return FromCache.fresh(entry.value, ageMs);
      if (ageMs < entry.ttlMs + options.staleWhileRevalidateMs && !call.isAgain) {
        if (flight === undefined) {
          flights.open(key, entry).isReserved = true;
          call.again();
        }
        return FromCache.stale(entry.value, ageMs);
      }
    }
    if (flight !== undefined && !flight.isAbandoned) return flights.join(flight, call, tellMiss);
    flights.lead(flight ?? flights.open(key, entry), call);
    tellMiss(call);
    return undefined;
  }

  private leaderEnded(flight: Flight, end: End): void {
    const { flights } = this.parts;
    if (end.kind === 'failure' && end.stopReason !== 'DEADLINE_EXCEEDED' && !isSingleUse(end.failure.error)) {
      flights.land(flight, { kind: 'end', end });
    } else flights.pass(flight);
  }

  /** Those who wait make a call each: a queue of them would take as long as all together. */
  private goAlone(flight: Flight): void {
    flight.isDetached = true;
    this.parts.flights.land(flight, 'make it alone');
  }

  private keep(call: AroundCall, key: string, value: unknown): void {
    const { options, entries, store } = this.parts;
    const ttlMs = options.ttlMs * (1 - options.jitter * this.owner.random());
    if (store !== undefined) {
      const keepMs = ttlMs + Math.max(options.staleWhileRevalidateMs, options.staleIfErrorMs);
      return store.set(key, { value, storedAtMs: this.wallMs(), ttlMs }, keepMs);
    }
    const size = sizeOf(options, value, call.asked?.cacheKey ?? key);
    if (size === undefined) entries.delete(key);
    else entries.set(key, { value, storedAtMs: call.now(), ttlMs, clock: this.owner.clock, size });
  }

  /** A clock that was set back makes nothing younger than new. */
  private ageOf(entry: CacheEntry, call: AroundCall | undefined): number {
    const nowMs = this.parts.store === undefined && call !== undefined ? call.now() : this.wallMs();
    return Math.max(0, nowMs - entry.storedAtMs);
  }

  private tellSingleUse(): void {
    if (this.toldSingleUse) return;
    this.toldSingleUse = true;
    telemetry().warn(
      'a result that can be read once only (a Response, a stream, an iterator) is not cached: read it inside the function, and give what was read (told once)',
    );
  }
}

function tellMiss(call: AroundCall): void {
  // Whoever asked was told already.
  if (!call.isAgain) call.tell('cache_miss');
}

/** What the dependency has answered, be it no, is newer than what was kept; only where it could not answer is that better than nothing. */
function mayAnswerFor(end: End): boolean {
  if (end.kind === 'rejected') return true;
  if (end.kind !== 'failure') return false;
  const { errorClass } = end.failure;
  return errorClass !== 'AUTH' && errorClass !== 'PERMISSION' && errorClass !== 'PERMANENT';
}
