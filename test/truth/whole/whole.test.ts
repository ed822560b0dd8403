import { Prometheus } from '../Prometheus.js';
import { testCounters } from './counted.js';
import { collectEvidence, type Evidence } from './Evidence.js';
import { testHeld } from './held.js';
import { testScrapes } from './scraped.js';
import { testShown } from './shown.js';

/**
 * One run of thousands of calls through every gate and everything that stands around calls, at once and over real sockets: limits, a throttle,
 * places with priorities, hedges, fallbacks, circuits by key, and a drain in the midst. What was emitted is held to what callers and
 * dependencies wrote down, with no tolerance; ../truth.test.ts does the same of retries, circuits and budgets, and says how times compare.
 */
describe('the truth of the whole policy', () => {
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
  describe('as shown', () => testShown(found));
  describe('as promised', () => testHeld(found));

  (Prometheus.isWanted() ? describe : describe.skip)('as Prometheus scraped it', () => testScrapes(found));
});
