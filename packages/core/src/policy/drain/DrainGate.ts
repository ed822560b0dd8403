import type { Entry, Gate, Lease, Queued } from '../../gates/Gate.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import { DrainingError } from '../../model/errors/DrainingError.js';
import type { Refusal } from '../../model/Refusal.js';

/** How far a drain has come. */
export interface DrainProgress {
  /** No call is in flight: there is none any more that an inner one could be a part of. */
  readonly isEmpty: boolean;
}

/** Whether what stands before calls takes none. */
export function isDraining(gate: Gate | undefined): boolean {
  return gate instanceof DrainGate;
}

/** Stands before the calls of a policy while its registry drains: refuses all but what is part of a call that was let in before. */
export class DrainGate implements Gate {
  constructor(
    private readonly policy: string,
    /** The gates that stand there at other times. */
    readonly before: Gate | undefined,
    private readonly drain: DrainProgress,
  ) {}

  enter(nowMs: number, attempt: number, entry: Entry): Lease | Refusal | Queued {
    if (entry.isInner !== true || this.drain.isEmpty) return new Draining(this.policy);
    return this.before === undefined ? FREE : this.before.enter(nowMs, attempt, entry);
  }
}

const FREE: Lease = { kind: 'lease', leave: () => {} };

/** No leave: the policy takes no more calls. */
class Draining implements Refusal {
  readonly kind = 'refusal';
  readonly stopReason = 'DRAINING';
  /** Not in this process, as far as anybody knows. */
  readonly retryAfterMs = Infinity;
  readonly link = undefined;

  constructor(private readonly policy: string) {}

  facts(): EmittedAttributes {
    return {};
  }

  error(cause: unknown): Error {
    return new DrainingError({ policy: this.policy, cause });
  }
}
