import type { Answer, AroundCall, Later, SharedEnd } from '../Around.js';
import type { CacheEntry } from './CacheStore.js';

/** What one who waits is told: what he gets, or that he makes the call himself. */
export type Said = Answer | SharedEnd | 'make it' | 'make it alone';

/** Calls for one key at one time: one makes the call, and the others wait for it in the order in which they came. */
export class Flight {
  /** Who makes the call; undefined while nobody does: the store is asked, or a call for nobody is about to begin. */
  leader: AroundCall | undefined = undefined;
  /** A call for nobody is about to begin, and will lead. */
  isReserved = false;
  /** The key was deleted, or may not be kept: what the call gives is for those who wait, and is not kept. */
  isDetached = false;
  /** An entry that is no longer fresh, to answer where it still may. */
  stale: CacheEntry | undefined = undefined;
  /** In the order in which they came: a Set keeps it, and lets anybody leave from the middle. */
  readonly followers = new Set<Follower>();

  constructor(readonly key: string) {}

  /** Its leader has ended and nobody was told. */
  get isAbandoned(): boolean {
    return this.leader?.settled === true;
  }

  /** All who wait get the same. */
  tellAll(said: Said): void {
    for (const follower of this.followers) follower.tell(said);
    this.followers.clear();
  }
}

/** A call that waits for another of its key. */
export class Follower implements Later {
  readonly kind = 'later';
  private readonly said: Promise<Said>;
  private resolve: (said: Said) => void = () => {};
  private isCancelled = false;
  /** It is the one to make the call anew, for nobody. */
  private refreshes = false;

  constructor(
    readonly call: AroundCall,
    private flight: Flight,
    /** Told in its own context that it leads now, or that it was to see to a call for nobody, and whether it still can. */
    private readonly leads: (call: AroundCall) => void,
    private readonly refresh: (call: AroundCall, flight: Flight, isOver: boolean) => void,
  ) {
    this.said = new Promise((resolve) => {
      this.resolve = resolve;
    });
    flight.followers.add(this);
  }

  async begin(): Promise<Answer | SharedEnd | undefined> {
    const said = await this.said;
    if (this.refreshes) this.refresh(this.call, this.flight, this.isCancelled);
    if (typeof said === 'object') return said;
    if (!this.isCancelled) this.leads(this.call);
    return undefined;
  }

  /** Waits for another from now on. */
  moveTo(flight: Flight): void {
    this.flight.followers.delete(this);
    this.flight = flight;
    flight.followers.add(this);
  }

  cancel(): void {
    this.isCancelled = true;
    this.flight.followers.delete(this);
  }

  tell(said: Said, refreshes = false): void {
    this.refreshes = refreshes;
    this.resolve(said);
  }
}
