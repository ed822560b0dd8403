import { circuitsOf } from './figures/circuits.js';
import type { Scraper } from './figures/Scraper.js';
import { sixFigures } from './figures/sixFigures.js';
import { upstreamsOf } from './figures/upstreams.js';
import type { Direction } from './receiver/Direction.js';
import type { Live, NowPlaying } from './receiver/PageState.js';
import { upstreamNames } from './upstreams/index.js';
import type { ScriptClock } from './script/ScriptClock.js';

export interface LiveSources {
  /** The last minute. */
  readonly scraper: Scraper;
  /** The last moments, scraped more often. */
  readonly lately: Scraper;
  /** Undefined without load. */
  readonly clock: ScriptClock | undefined;
  readonly metricsUrl: string;
  readonly shopUrl: string;
  readonly tracesAlsoTo: string | undefined;
}

/** What the page shows beside the traces. */
export function liveView({ scraper, lately, clock, metricsUrl, shopUrl, tracesAlsoTo }: LiveSources): Live {
  const circuits = circuitsOf(scraper.scrapes);
  return {
    now: clock === undefined ? undefined : nowPlaying(clock),
    circuits,
    upstreams: upstreamsOf(upstreamNames, { lately: lately.scrapes, minute: scraper.scrapes, circuits }),
    figures: sixFigures(scraper.window(), lately.scrapes.slice(-5)),
    scrapeError: scraper.error,
    metricsUrl,
    shopUrl,
    tracesAlsoTo,
  };
}

function nowPlaying(clock: ScriptClock): NowPlaying {
  const { phase, number, next, secondsLeft } = clock.position();
  const { title, happens, watch, shows, seconds } = phase;
  const steps = clock.script.map((each) => each.title);
  return { number, of: steps.length, steps, title, happens, watch, shows, next: next.title, seconds, secondsLeft, held: clock.isHeld };
}

/** Does to the story what the page asks. */
export function directStory(clock: ScriptClock, direction: Direction): void {
  switch (direction.to) {
    case 'hold':
      return clock.hold();
    case 'go-on':
      return clock.goOn();
    case 'play':
      return clock.playFrom(direction.step);
  }
}
