import { testCounters } from './counted.js';
import { collectEvidence, type Evidence } from './Evidence.js';
import { testJaegerShape } from './jaegerShape.js';
import { Prometheus } from './Prometheus.js';
import { testOverOtlp } from './overOtlp.js';
import { testScrapes } from './scraped.js';
import { testToldOnce } from './toldOnce.js';

/**
 * One run of thousands of calls through the storefront's upstreams under all their faults, with a real exporter, a real Prometheus and a
 * real OTLP receiver; then everything that was emitted is held to what the caller and the upstreams wrote down, with no tolerance.
 *
 * Times can be compared so because all policies live by a clock of the run (fixtures/TickClock.mjs), which stands still within one turn
 * of the event loop and whose readings a double adds up without a loss.
 */
describe('the truth of a storefront', () => {
  let evidence: Evidence | undefined;

  beforeAll(async () => {
    evidence = await collectEvidence();
  }, 180_000);

  afterAll(async () => {
    await evidence?.scraped?.prometheus.stop();
  });

  function found(): Evidence {
    if (evidence === undefined) throw new Error('there was no run');
    return evidence;
  }

  describe('as counted', () => testCounters(found));
  describe('told once', () => testToldOnce(found));
  describe('as it comes over OTLP', () => testOverOtlp(found));
  describe('as Jaeger shows it', () => testJaegerShape(found));

  (Prometheus.isWanted() ? describe : describe.skip)('as Prometheus scraped it', () => testScrapes(found));
});
