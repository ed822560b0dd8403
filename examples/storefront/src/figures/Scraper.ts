import { get } from 'node:http';
import { parseExposition } from './parseExposition.js';
import type { Scrape, Window } from './Scrape.js';

export interface ScraperOptions {
  /** Milliseconds from scrape to scrape. Default 1_000. */
  readonly everyMs?: number | undefined;
  /** Milliseconds of scrapes that are kept. Default 60_000. */
  readonly windowMs?: number | undefined;
  readonly now?: (() => number) | undefined;
}

/** Scrapes a metrics address over and over, as Prometheus would, and keeps a window of what it found. */
export class Scraper {
  readonly windowMs: number;
  readonly #url: string;
  readonly #everyMs: number;
  readonly #now: () => number;
  readonly #scrapes: Scrape[] = [];
  #error: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string, options: ScraperOptions = {}) {
    this.#url = url;
    this.#now = options.now ?? (() => performance.now());
    this.#everyMs = options.everyMs ?? 1_000;
    this.windowMs = options.windowMs ?? 60_000;
  }

  /** Scrapes of the window and one before it, oldest first. */
  get scrapes(): readonly Scrape[] {
    return this.#scrapes;
  }

  /** Why the last scrape found nothing; undefined when it did. */
  get error(): string | undefined {
    return this.#error;
  }

  /** The window's ends: what was, and what is. Until a whole window has passed it begins with nothing. */
  window(): Window {
    const [oldest] = this.#scrapes;
    const to = this.#scrapes.at(-1);
    return { from: oldest !== undefined && to !== undefined && oldest.atMs <= to.atMs - this.windowMs ? oldest : undefined, to };
  }

  /** Scrapes until {@link stop}; a scrape that is due while the last one still runs is skipped. */
  start(): void {
    let running = false;
    const scrapeUnlessRunning = async (): Promise<void> => {
      if (!running) {
        running = true;
        await this.scrape();
        running = false;
      }
    };
    void scrapeUnlessRunning();
    this.#timer = setInterval(() => void scrapeUnlessRunning(), this.#everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Scrapes once. Never rejects: {@link error} says what went wrong. */
  async scrape(): Promise<void> {
    try {
      const samples = parseExposition(await readText(this.#url, Math.max(1_000, this.#everyMs)));
      const atMs = this.#now();
      this.#scrapes.push({ atMs, samples });
      // One from before the window stays: the window's increase begins with it.
      while ((this.#scrapes[1]?.atMs ?? atMs) <= atMs - this.windowMs) {
        this.#scrapes.shift();
      }
      this.#error = undefined;
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Not by fetch, which is instrumented: the demo's own scrapes would show among the storefront's metrics. */
function readText(url: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { timeout: timeoutMs, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () => (response.statusCode === 200 ? resolve(body) : reject(new Error(`${url} answered ${response.statusCode}`))));
    });
    request.on('timeout', () => request.destroy(new Error(`${url} did not answer in ${timeoutMs} ms`)));
    request.on('error', reject);
  });
}
