import type { TraceKind } from '../receiver/judgeTrace.js';
import type { Fault, UpstreamName } from '../upstreams/index.js';

/** A stretch of the story: what goes wrong, what redress makes of it, and where to see that. */
export interface Phase {
  readonly title: string;
  /** Length, in seconds at speed 1. */
  readonly seconds: number;
  /** What goes wrong in the world. */
  readonly happens: string;
  /** What redress does about it, and where it shows. */
  readonly watch: string;
  /** Kinds of traces that show it, the best first. */
  readonly shows: readonly TraceKind[];
  /** Upstreams that are not named here answer. */
  readonly faults: Partial<Readonly<Record<UpstreamName, PhaseFault>>>;
}

/** The fault of a request: seconds into the phase, and the request's number. */
export type PhaseFault = (secondsIn: number, number: number) => Fault;

/** Phases in the order they are played; after the last comes the first. */
export type Script = readonly [Phase, ...Phase[]];

/** Seconds until the script begins again. */
export function scriptSeconds(script: Script): number {
  return script.reduce((sum, phase) => sum + phase.seconds, 0);
}
