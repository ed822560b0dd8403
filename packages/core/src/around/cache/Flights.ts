import type { AroundCall } from '../Around.js';
import type { CacheEntry } from './CacheStore.js';
import { Flight, Follower, type Said } from './Flight.js';

/**
 * Single flight: of the calls for a key one is made at a time in this process, and the others wait for it. Who may not answer for the
 * others (it was aborted, refused, ran out of its own time) hands the lead on to the first of them, so that nobody waits in vain.
 */
export class Flights {
  private readonly byKey = new Map<string, Flight>();
  /** Who has a part in which. */
  private readonly parts = new WeakMap<AroundCall, Flight>();

  /** The flight that a new call for a key would join. */
  of(key: string): Flight | undefined {
    return this.byKey.get(key);
  }

  /** The flight that a call leads or led, waits or waited in. */
  partOf(call: AroundCall): Flight | undefined {
    return this.parts.get(call);
  }

  /** Nobody leads it yet. */
  open(key: string, stale?: CacheEntry): Flight {
    const flight = new Flight(key);
    flight.stale = stale;
    this.byKey.set(key, flight);
    return flight;
  }

  lead(flight: Flight, call: AroundCall): void {
    flight.isReserved = false;
    flight.leader = call;
    this.parts.set(call, flight);
  }

  join(flight: Flight, call: AroundCall, missed: (call: AroundCall) => void): Follower {
    this.parts.set(call, flight);
    return new Follower(call, flight, missed, (first, of, isOver) => {
      if (isOver) this.pass(of);
      else first.again();
    });
  }

  /** The lead goes to the first who waits; with nobody it is over. */
  pass(flight: Flight): void {
    if (flight.isDetached && !this.reopen(flight)) return;
    for (const next of flight.followers) {
      flight.followers.delete(next);
      this.lead(flight, next.call);
      return next.tell('make it');
    }
    this.close(flight);
  }

  /** It is over, and all who wait get the same. */
  land(flight: Flight, said: Said): void {
    this.close(flight);
    flight.tellAll(said);
  }

  /** All who wait get an old entry, and the first of them sees to a call for nobody; without any it is over. */
  refresh(flight: Flight, stale: CacheEntry, said: Said): void {
    const [first] = flight.followers;
    if (first === undefined) return this.close(flight);
    flight.stale = stale;
    flight.isReserved = true;
    flight.followers.delete(first);
    first.tell(said, true);
    flight.tellAll(said);
  }

  /** What is asked from now on must not be answered by what began before. A call that is yet to begin is late enough. */
  detach(key: string): void {
    const flight = this.byKey.get(key);
    if (flight === undefined) return;
    flight.stale = undefined;
    if (flight.isReserved) return;
    flight.isDetached = true;
    this.close(flight);
  }

  detachAll(): void {
    for (const key of [...this.byKey.keys()]) this.detach(key);
  }

  /** What begins now begins after the deletion: false where another one has begun already, and those who wait now wait for that. */
  private reopen(flight: Flight): boolean {
    const live = this.byKey.get(flight.key);
    if (live === undefined) {
      flight.isDetached = false;
      this.byKey.set(flight.key, flight);
      return true;
    }
    for (const follower of flight.followers) {
      this.parts.set(follower.call, live);
      follower.moveTo(live);
    }
    return false;
  }

  private close(flight: Flight): void {
    if (this.byKey.get(flight.key) === flight) this.byKey.delete(flight.key);
  }
}
