import type { Attributes } from '../../model/Attributes.js';
import type { CallRecorder, TransitionFacts } from '../port/CallRecorder.js';

/** What a policy's gauges are read from. */
export interface PolicySources {
  /** Retries left; absent when the policy has no budget. */
  readonly budget?: (() => number) | undefined;
}

/** One policy's telemetry. */
export interface PolicyTelemetry {
  /** `redress.policy`. */
  readonly name: string;
  /** A call begins. `undefined` when nothing listens: the call then pays this check and no more. */
  begin(operation: string, attributes: Attributes | undefined): CallRecorder | undefined;
  /** A function outlived its call (1), or one that did has ended (-1). */
  abandoned(delta: 1 | -1): void;
  /** A circuit changed its state outside of a call: forced, reset, restored. */
  transition(transition: TransitionFacts, circuitName: string): void;
  /** The policy is gone: its gauges read 0 from now on. Its counters stay. */
  dispose(): void;
}
