import type { Circuit } from '../figures/circuits.js';
import type { Figure } from '../figures/sixFigures.js';
import type { TraceGroup } from './TraceStore.js';

/** What the script plays; seconds are the script's. */
export interface NowPlaying {
  readonly number: number;
  readonly of: number;
  readonly title: string;
  readonly happens: string;
  readonly watch: string;
  readonly next: string;
  readonly seconds: number;
  readonly secondsLeft: number;
}

/** What the page is told of the demo besides its traces. */
export interface Live {
  /** Undefined without load. */
  readonly now: NowPlaying | undefined;
  readonly circuits: readonly Circuit[];
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
