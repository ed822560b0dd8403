import { Scraper } from './figures/Scraper.js';
import { directStory, liveView } from './liveView.js';
import { Narrator } from './narration/Narrator.js';
import type { Terminal } from './narration/Terminal.js';
import type { DemoOptions } from './options.js';
import { type PageFile, startReceiver } from './receiver/startReceiver.js';
import { TraceStore } from './receiver/TraceStore.js';
import { ScriptClock, scriptedFaults } from './script/ScriptClock.js';
import { storefrontScript } from './script/storefrontScript.js';
import { createClients } from './service/createClients.js';
import { createPolicies } from './service/createPolicies.js';
import { startLoad } from './service/startLoad.js';
import { startService } from './service/startService.js';
import { tellDiag } from './telemetry/tellDiag.js';
import { startTelemetry } from './telemetry/startTelemetry.js';
import { startUpstreams } from './upstreams/index.js';

export interface DemoSurroundings {
  /** The page's HTML. */
  readonly page: string;
  /** What the page loads, by its path. */
  readonly files: ReadonlyMap<string, PageFile>;
  readonly terminal: Terminal;
  /** OTEL_EXPORTER_OTLP_ENDPOINT: a receiver that gets the traces beside the page. */
  readonly endpoint: string | undefined;
}

/** What is true now is asked for more often than what was true in the last minute. */
const latelyEveryMs = 200;
const latelyMs = 2_000;

/** Starts upstreams, storefront, telemetry, page, load and narration. The function given back ends them all. */
export async function startDemo(options: DemoOptions, { page, files, terminal, endpoint }: DemoSurroundings): Promise<() => Promise<void>> {
  const narrator = new Narrator(terminal);
  tellDiag((message) => narrator.trouble(message));
  const clock = new ScriptClock(storefrontScript, options.speed, () => performance.now());

  const receiver = await startReceiver({ port: options.pagePort, store: new TraceStore(), page, files });
  const telemetry = await startTelemetry({
    receiverUrl: receiver.url,
    metricsPort: options.metricsPort,
    alsoToEndpoint: endpoint !== undefined,
  });
  const upstreams = await startUpstreams({ faults: scriptedFaults(clock) });
  const policies = createPolicies({ speed: options.speed });
  const closing = new AbortController();
  const shop = await startService(createClients({ urls: upstreams.urls, policies, signal: closing.signal }), options.shopPort);

  const scraper = new Scraper(telemetry.url, { everyMs: 1_000 / Math.max(1, options.speed / 2) });
  const lately = new Scraper(telemetry.url, { everyMs: latelyEveryMs, windowMs: latelyMs });
  const sources = {
    scraper,
    lately,
    clock: options.load ? clock : undefined,
    metricsUrl: telemetry.url,
    shopUrl: shop.url,
    tracesAlsoTo: endpoint,
  };
  receiver.present(() => liveView(sources), options.load ? (direction) => directStory(clock, direction) : undefined);
  scraper.start();
  lately.start();

  narrator.portTaken('page', options.pagePort, receiver.port);
  narrator.portTaken('metrics endpoint', options.metricsPort, telemetry.port);
  narrator.portTaken('shop', options.shopPort, shop.port);
  narrator.welcome({ page: receiver.url, metrics: telemetry.url, shop: shop.url, tracesAlsoTo: endpoint, load: options.load });
  const stopLoad = options.load ? startLoad(shop.url, options.speed) : () => undefined;
  const stopNarrating = options.load ? narrator.follow(clock, scraper) : () => undefined;

  return async () => {
    stopNarrating();
    stopLoad();
    scraper.stop();
    lately.stop();
    // Calls that wait for their next attempt would else end after the telemetry has, and their spans would be lost.
    closing.abort(new Error('the storefront closes'));
    await Promise.all([shop.stop(), upstreams.stop()]);
    await telemetry.stop();
    await receiver.stop();
    narrator.goodbye();
  };
}
