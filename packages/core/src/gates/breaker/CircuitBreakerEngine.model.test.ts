import fc from 'fast-check';
import { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import type { BreakerLease } from './BreakerLease.js';
import type { BreakerTransition } from './BreakerTransition.js';
import { type GivenSettings, noChance, plain, settingsOf } from './fixtures/breakerSettings.js';
import type { TripOptions } from './trips/index.js';
import { type NaiveCall, NaiveBreaker } from './fixtures/NaiveBreaker.js';

const trip: fc.Arbitrary<TripOptions> = fc.oneof(
  fc.record({ type: fc.constant('consecutive' as const), failures: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    type: fc.constant('count' as const),
    failures: fc.integer({ min: 1, max: 4 }),
    windowMs: fc.constantFrom(20, 100),
    failuresByClass: fc.constant({}),
  }),
  fc.record({
    type: fc.constant('rate' as const),
    failureRate: fc.constantFrom(0.2, 0.5, 1),
    minimumCalls: fc.integer({ min: 1, max: 4 }),
    windowCalls: fc.integer({ min: 4, max: 6 }),
    slowCallMs: fc.constant(undefined),
    slowCallRate: fc.constant(undefined),
  }),
);

const settings = fc.record({
  trip,
  probes: fc.integer({ min: 1, max: 3 }),
  successThreshold: fc.integer({ min: 1, max: 3 }),
  maxProbeMs: fc.constantFrom(30, 60),
});

type Step =
  | { readonly do: 'enter' | 'read' | 'forceOpen' | 'forceClose' | 'reset' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'settle'; readonly which: number; readonly how: 'success' | 'failure' | 'other class' | 'abort' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ do: 'enter' as const }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which: fc.nat(5),
      how: fc.constantFrom('success' as const, 'failure' as const, 'failure' as const, 'other class' as const, 'abort' as const),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 9, 10, 19, 20, 29, 30, 31, 60) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'read' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('forceOpen' as const, 'forceClose' as const, 'reset' as const) }) },
);

const shown = (transition: BreakerTransition | undefined) => transition && `${transition.from} to ${transition.to}`;

function settleOf(engine: CircuitBreakerEngine, lease: BreakerLease, nowMs: number, how: string): BreakerTransition | undefined {
  if (how === 'success') return engine.succeed(lease, nowMs, 1);
  if (how === 'abort') return engine.release(lease);
  return engine.fail(lease, nowMs, 1, how === 'failure' ? 'TRANSIENT' : 'UNKNOWN', undefined);
}

/** Plays the steps; `read` is what an onlooker asks for on the way. */
function play(engine: CircuitBreakerEngine, steps: readonly Step[], read: (nowMs: number) => unknown) {
  const leases: (BreakerLease | undefined)[] = [];
  const log: unknown[] = [];
  let nowMs = 0;
  for (const one of steps) {
    if (one.do === 'wait') nowMs += one.ms;
    else if (one.do === 'read') read(nowMs);
    else if (one.do === 'enter') {
      const entry = engine.enter(nowMs);
      leases.unshift(entry.kind === 'lease' ? entry : undefined);
      log.push(entry.kind === 'lease' ? shown(entry.transition) : entry.retryAfterMs);
    } else if (one.do === 'settle') {
      const lease = leases[one.which];
      log.push(lease && shown(settleOf(engine, lease, nowMs, one.how)));
    } else log.push(shown(engine[one.do](nowMs)));
  }
  return { log, nowMs };
}

const recoveryMs = (openings: number): number => 10 * openings;
const engineOf = (given: Partial<GivenSettings>) =>
  new CircuitBreakerEngine(settingsOf({ ...plain, ...given, recovery: ({ attempt }) => recoveryMs(attempt) }), 0, noChance);

describe('CircuitBreakerEngine', () => {
  it('[breaker.interleavings] does, step by step, what a breaker does that remembers everything', () => {
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 80 }), (given, steps) => {
        const engine = engineOf(given);
        const naive = new NaiveBreaker({ ...plain, ...given }, recoveryMs, 0);
        const calls: { lease: BreakerLease | undefined; call: NaiveCall }[] = [];
        let nowMs = 0;
        for (const one of steps) {
          switch (one.do) {
            case 'wait':
              nowMs += one.ms;
              break;
            case 'read':
              expect([engine.stateAt(nowMs), engine.failureRate(nowMs)]).toEqual([naive.stateAt(nowMs), naive.failureRate()]);
              expect(engine.timeInState(nowMs)).toEqual(naive.timeInState(nowMs));
              break;
            case 'enter': {
              const entry = engine.enter(nowMs);
              const { call, waitMs, told } = naive.enter(nowMs);
              expect(entry.kind === 'refusal' ? entry.retryAfterMs : 0).toBe(waitMs);
              expect(entry.kind === 'lease' ? shown(entry.transition) : undefined).toBe(told);
              calls.unshift({ lease: entry.kind === 'lease' ? entry : undefined, call });
              break;
            }
            case 'settle': {
              const chosen = calls[one.which];
              if (chosen?.lease === undefined) break;
              expect(shown(settleOf(engine, chosen.lease, nowMs, one.how))).toBe(naive.settle(chosen.call, nowMs, one.how));
              break;
            }
            case 'forceOpen':
              expect(shown(engine.forceOpen(nowMs))).toBe(naive.forceOpen(nowMs));
              break;
            default:
              expect(shown(engine[one.do](nowMs))).toBe(naive.close(nowMs, one.do === 'forceClose'));
          }
        }
        expect(engine.stateAt(nowMs)).toBe(naive.stateAt(nowMs));
        expect(engine.timeInState(nowMs)).toEqual(naive.timeInState(nowMs));
      }),
      { numRuns: 1_500 },
    );
  });

  it('[breaker.half-open-by-itself] does the same whether anybody looks or not', () => {
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 60 }), (given, steps) => {
        const [looked, alone] = [engineOf(given), engineOf(given)];
        const seen = play(looked, steps, (nowMs) => [
          looked.stateAt(nowMs),
          looked.retryAfterMs(nowMs),
          looked.refuses(nowMs),
          looked.failureRate(nowMs),
          looked.timeInState(nowMs),
          looked.toJSON(nowMs),
        ]);
        const unseen = play(alone, steps, () => {});
        expect(seen).toEqual(unseen);
        expect(looked.toJSON(seen.nowMs)).toEqual(alone.toJSON(seen.nowMs));
        expect(looked.timeInState(seen.nowMs)).toEqual(alone.timeInState(seen.nowMs));
      }),
      { numRuns: 500 },
    );
  });

  it('[breaker.observe-only] moves and tells just as one that refuses, when the calls it would refuse are the same', () => {
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 60 }), (given, steps) => {
        const [refusing, observing] = [engineOf(given), engineOf({ ...given, observeOnly: true })];
        const refused = play(refusing, steps, () => {});
        const leases: BreakerLease[] = [];
        const log: unknown[] = [];
        let nowMs = 0;
        for (const one of steps) {
          if (one.do === 'wait') nowMs += one.ms;
          else if (one.do === 'enter') {
            const entry = observing.enter(nowMs);
            if (entry.kind === 'refusal') throw new Error('an observing breaker refused');
            leases.unshift(entry);
            log.push(entry.observed === undefined ? shown(entry.transition) : entry.observed.retryAfterMs);
          } else if (one.do === 'settle') {
            const lease = leases[one.which];
            log.push(lease && shown(settleOf(observing, lease, nowMs, one.how)));
          } else if (one.do !== 'read') log.push(shown(observing[one.do](nowMs)));
        }
        expect(log).toEqual(refused.log);
        expect(observing.timeInState(nowMs)).toEqual(refusing.timeInState(nowMs));
      }),
      { numRuns: 500 },
    );
  });

  it('[breaker.snapshot] goes on after JSON and a new clock as if nothing had been between', () => {
    fc.assert(
      fc.property(
        settings,
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: -500, max: 500 }),
        fc.nat(40),
        (given, steps, offsetMs, laterMs) => {
          const engine = engineOf(given);
          const { nowMs } = play(engine, steps, () => {});
          const snapshot = engine.toJSON(nowMs, 1_000);
          const restored = new CircuitBreakerEngine(engine.settings, nowMs + offsetMs, noChance);
          restored.restore(JSON.parse(JSON.stringify(snapshot)), nowMs + offsetMs, 1_000);
          expect(restored.toJSON(nowMs + offsetMs, 1_000)).toEqual(snapshot);
          expect(restored.stateAt(nowMs + offsetMs + laterMs)).toBe(engine.stateAt(nowMs + laterMs));
          expect(restored.retryAfterMs(nowMs + offsetMs + laterMs)).toBe(engine.retryAfterMs(nowMs + laterMs));
        },
      ),
      { numRuns: 500 },
    );
  });
});
