import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { Refusal } from '../../model/Refusal.js';
import type { Entry, Gate, Lease, Queued } from '../Gate.js';
import type { BulkheadEngine, Waiter } from './BulkheadEngine.js';
import type { BulkheadCallOption, BulkheadPriority } from './callOptions.js';
import { BulkheadFullError } from './BulkheadFullError.js';

/** A bulkhead as a gate of calls: a place for each call, held until no function of the call runs any more. */
export class BulkheadGate implements Gate {
  private readonly place: Place;

  constructor(
    private readonly name: string,
    private readonly engine: BulkheadEngine,
  ) {
    this.place = new Place(engine);
  }

  enter(_nowMs: number, _attempt: number, entry: Entry<BulkheadCallOption>): Lease | Refusal | Queued {
    return this.admit(entry.asked?.priority);
  }

  /** A place, one in the queue, or neither. */
  admit(priority: BulkheadPriority | undefined): Lease | Refusal | Queued {
    const { engine } = this;
    if (engine.tryEnter()) return this.place;
    const full = new Full(this.name, engine);
    const line = new InLine(engine, this.place, full);
    return engine.tryQueue(line, priority) ? line : full;
  }
}

/**
 * A place to run; one is as good as another, so all calls share the object. What a call has come to says nothing here: a function that
 * still runs keeps its place.
 */
class Place implements Lease {
  readonly kind = 'lease';

  constructor(private readonly engine: BulkheadEngine) {}

  leave(): void {}

  freed(): void {
    this.engine.leave();
  }
}

/** A place in the queue. */
class InLine implements Queued, Waiter {
  readonly kind = 'queued';
  readonly ready: Promise<Lease | Refusal>;
  private resolve: (answer: Lease | Refusal) => void = () => {};

  constructor(
    private readonly engine: BulkheadEngine,
    private readonly place: Lease,
    private readonly full: Refusal,
  ) {
    this.ready = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  admitted(): void {
    this.resolve(this.place);
  }

  displaced(): void {
    this.resolve(this.full);
  }

  cancel(): void {
    this.engine.cancel(this);
  }
}

/** No place, neither to run nor to wait. */
class Full implements Refusal {
  readonly kind = 'refusal';
  readonly stopReason = 'BULKHEAD_FULL';
  /** A place may be free at any moment. */
  readonly retryAfterMs = 0;
  readonly link = undefined;

  constructor(
    private readonly bulkhead: string,
    private readonly engine: BulkheadEngine,
  ) {}

  facts(): EmittedAttributes {
    return {};
  }

  error(cause: unknown): Error {
    const { maxConcurrent, maxQueued } = this.engine;
    return new BulkheadFullError({ bulkhead: this.bulkhead, maxConcurrent, maxQueued, cause });
  }
}
