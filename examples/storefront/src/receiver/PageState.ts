import type { Circuit } from '../figures/circuits.js';
import type { Figure } from '../figures/sixFigures.js';
import type { Upstream } from '../figures/upstreams.js';
import type { TraceKind } from './judgeTrace.js';
import type { TraceGroup } from './TraceStore.js';

/** What the script plays; seconds are the script's. */
export interface NowPlaying {
  readonly number: number;
  readonly of: number;
  /** Titles of all steps, in order. */
  readonly steps: readonly string[];
  readonly title: string;
  readonly happens: string;
  readonly watch: string;
  /** Kinds of traces that show it, the best first. */
  readonly shows: readonly TraceKind[];
  readonly next: string;
  readonly seconds: number;
  readonly secondsLeft: number;
  /** Whether the story stays in this step. */
  readonly held: boolean;
}

/** What the page is told of the demo besides its traces. */
export interface Live {
  /** Undefined without load. */
  readonly now: NowPlaying | undefined;
  readonly circuits: readonly Circuit[];
  readonly upstreams: readonly Upstream[];
  readonly figures: readonly Figure[];
  /** Why the metrics could not be scraped; undefined when they could. */
  readonly scrapeError: string | undefined;
  readonly metricsUrl: string;
  readonly shopUrl: string;
  /** Another receiver that gets the traces too, a Jaeger for instance. */
  readonly tracesAlsoTo: string | undefined;
}

/** The answer of `/api/state`. */
export interface PageState extends Live {
  readonly groups: readonly TraceGroup[];
}
