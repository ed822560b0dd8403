import fc from 'fast-check';
import { seededRandom } from '../../testing/seededRandom.js';
import { AdaptiveThrottleEngine, type ThrottleSettings } from './AdaptiveThrottleEngine.js';

const usual: ThrottleSettings = { multiplier: 2, windowMs: 120_000, minimumRequests: 20, maxRejection: 0.9 };

/** One that has seen so much, at time 0. */
function after(accepted: number, rejected: number, settings: Partial<ThrottleSettings> = {}): AdaptiveThrottleEngine {
  const engine = new AdaptiveThrottleEngine({ ...usual, ...settings });
  for (let request = 0; request < accepted; request += 1) engine.ended(0, true);
  for (let request = 0; request < rejected; request += 1) engine.ended(0, false);
  return engine;
}

describe('AdaptiveThrottleEngine', () => {
  it.each([
    { accepted: 100, rejected: 0, multiplier: 2, is: 0 },
    { accepted: 50, rejected: 50, multiplier: 2, is: 0 },
    { accepted: 40, rejected: 60, multiplier: 2, is: 20 / 101 },
    { accepted: 10, rejected: 90, multiplier: 2, is: 80 / 101 },
    { accepted: 40, rejected: 60, multiplier: 1, is: 60 / 101 },
    { accepted: 50, rejected: 50, multiplier: 1.5, is: 25 / 101 },
    { accepted: 0, rejected: 19, multiplier: 2, is: 0 },
    { accepted: 0, rejected: 100, multiplier: 2, is: 0.9 },
  ])('[throttle.formula] of $accepted accepted and $rejected turned away, with K = $multiplier, refuses $is', (given) => {
    const { accepted, rejected, multiplier, is } = given;
    expect(after(accepted, rejected, { multiplier }).rejectionProbability(0)).toBeCloseTo(is, 12);
  });

  it('[throttle.floor] refuses nothing on fewer than the minimum in the window', () => {
    const engine = after(0, 19);
    expect(engine.refuses(0, () => 0)).toBe(false);
    engine.ended(0, false);
    expect(engine.refuses(0, () => 0)).toBe(true);
  });

  it('[throttle.formula] refuses by chance, and what it refused counts as sent', () => {
    const engine = after(40, 60);
    expect([engine.refuses(0, () => 0.19), engine.refuses(0, () => 0.22)]).toEqual([true, false]);
    expect(engine.rejectionProbability(0)).toBeCloseTo(21 / 102, 12);
  });

  it('[throttle.window] forgets what is older than its window, and no sooner than a 32nd of it before', () => {
    const engine = after(0, 100, { windowMs: 32_000 });
    expect(engine.rejectionProbability(30_999)).toBe(0.9);
    expect(engine.rejectionProbability(32_000)).toBe(0);
    engine.ended(1e9, false);
    expect(engine.rejectionProbability(1e9)).toBe(0);
  });

  it('[throttle.window] counts what was sent in its window, whatever the time', () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(400), accepted: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.nat(10_000), steps, (startMs, all) => {
        const engine = new AdaptiveThrottleEngine({ ...usual, windowMs: 3_200, minimumRequests: 1, maxRejection: 0.999 });
        const sent: { atMs: number; accepted: boolean }[] = [];
        let nowMs = startMs;
        for (const { afterMs, accepted } of all) {
          nowMs += afterMs;
          engine.ended(nowMs, accepted);
          sent.push({ atMs: nowMs, accepted });
          const since = (Math.floor(nowMs / 100) - 31) * 100;
          const counted = sent.filter(({ atMs }) => atMs >= since);
          const accepts = counted.filter((each) => each.accepted).length;
          expect(engine.rejectionProbability(nowMs)).toBeCloseTo(Math.max(0, (counted.length - 2 * accepts) / (counted.length + 1)), 12);
        }
      }),
    );
  });

  it('[throttle.probes] never refuses all for ever, whatever chance says and whatever was turned away', () => {
    const chances = fc.oneof(
      fc.constantFrom<() => number>(
        () => 0,
        () => 0.5,
        () => 1,
      ),
      fc.integer().map((seed) => seededRandom(seed)),
    );
    const settings = fc.record({ multiplier: fc.constantFrom(1, 1.1, 2, 5), maxRejection: fc.constantFrom(0.5, 0.9, 0.99) });
    fc.assert(
      fc.property(chances, settings, fc.nat(5_000), fc.nat(50), (chance, more, rejected, afterMs) => {
        const engine = after(0, rejected, more);
        let [inRow, most, probability] = [0, 0, 0];
        for (let request = 0; request < 3_000; request += 1) {
          const nowMs = request * afterMs;
          if (engine.refuses(nowMs, chance)) inRow += 1;
          else {
            engine.ended(nowMs, false);
            inRow = 0;
          }
          most = Math.max(most, inRow);
          probability = Math.max(probability, engine.rejectionProbability(nowMs));
        }
        expect(most).toBeLessThanOrEqual(10 / (1 - more.maxRejection) + 1);
        expect(probability).toBeLessThanOrEqual(more.maxRejection);
      }),
      { numRuns: 60 },
    );
  });

  it('[throttle.formula] never refuses while half of what is sent is accepted', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (answers) => {
        const engine = new AdaptiveThrottleEngine(usual);
        let accepts = 0;
        for (const [index, answer] of answers.entries()) {
          // Turned away only when it has taken more than half.
          const accepted = answer || accepts * 2 <= index + 1;
          engine.ended(index, accepted);
          if (accepted) accepts += 1;
          expect(engine.refuses(index, () => 0)).toBe(false);
        }
      }),
    );
  });

  /** Sends 100 a second for so long; gives what came through in the last 10 s, and what was refused here. */
  function send(engine: AdaptiveThrottleEngine, chance: () => number, fromMs: number, toMs: number, accepts: (nowMs: number) => boolean) {
    const tally = { sent: 0, accepted: 0, last: 0 };
    for (let nowMs = fromMs; nowMs < toMs; nowMs += 10) {
      if (engine.refuses(nowMs, chance)) continue;
      const accepted = accepts(nowMs);
      engine.ended(nowMs, accepted);
      tally.sent += 1;
      if (accepted) tally.accepted += 1;
      if (nowMs >= toMs - 10_000) tally.last += 1;
    }
    return tally;
  }

  it('[throttle.weather] sends what is taken and somewhat more in overload, a tenth in an outage, and all again within four minutes of its end', () => {
    const chance = seededRandom(7);
    const engine = new AdaptiveThrottleEngine(usual);
    expect(send(engine, chance, 0, 120_000, () => true).sent).toBe(12_000);
    // 25 a second are taken: about twice that is sent.
    let freeMs = 120_000;
    const overload = send(engine, chance, 120_000, 480_000, (nowMs) => {
      if (nowMs < freeMs) return false;
      freeMs = Math.max(freeMs, nowMs - 1_000) + 40;
      return true;
    });
    expect(overload.last).toBeGreaterThan(400);
    expect(overload.last).toBeLessThan(600);
    const outage = send(engine, chance, 480_000, 780_000, () => false);
    expect(outage.last).toBeGreaterThan(70);
    expect(outage.last).toBeLessThan(130);
    const recovered = send(engine, chance, 780_000, 1_020_000, () => true);
    expect(recovered.last).toBe(1_000);
  });
});
