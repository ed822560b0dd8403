import { circuitsOf } from './figures/circuits.js';
import type { Scraper } from './figures/Scraper.js';
import { sixFigures } from './figures/sixFigures.js';
import type { Live, NowPlaying } from './receiver/PageState.js';
import type { ScriptClock } from './script/ScriptClock.js';

export interface LiveSources {
  readonly scraper: Scraper;
  /** Undefined without load. */
  readonly clock: ScriptClock | undefined;
  readonly metricsUrl: string;
  readonly shopUrl: string;
  readonly tracesAlsoTo: string | undefined;
}

/** What the page shows beside the traces. */
export function liveView({ scraper, clock, metricsUrl, shopUrl, tracesAlsoTo }: LiveSources): Live {
  return {
    now: clock === undefined ? undefined : nowPlaying(clock),
    circuits: circuitsOf(scraper.scrapes),
    figures: sixFigures(scraper.window()),
    scrapeError: scraper.error,
    metricsUrl,
    shopUrl,
    tracesAlsoTo,
  };
}

function nowPlaying(clock: ScriptClock): NowPlaying {
  const { phase, number, next, secondsLeft } = clock.position();
  const { title, happens, watch, seconds } = phase;
  return { number, of: clock.script.length, title, happens, watch, next: next.title, seconds, secondsLeft };
}
