import type { EmittedAttributes } from './EmittedAttributes.js';
import type { RefusalReason } from './StopReason.js';

/** What telemetry is told of a gate that gave no leave to run. */
export interface RefusalFacts {
  /** `redress.stop_reason`; its event is the one of that reason. */
  readonly stopReason: RefusalReason;
  /** Attributes of the event beside those that every event has. */
  facts(): EmittedAttributes;
}

/** No leave to run, as a gate says it. Made as often as an outage has calls: what may not be needed is made when it is asked for. */
export interface Refusal extends RefusalFacts {
  readonly kind: 'refusal';
  /** Milliseconds after which it is worth trying again; Infinity when nobody knows. */
  readonly retryAfterMs: number;
  /** What another call's `cause()` gave, for a link to it; undefined for none. */
  readonly link: unknown;
  /** What the call rejects with; `cause` is the failure of the attempt before, if there was one. */
  error(cause: unknown): Error;
}
