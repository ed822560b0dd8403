import fc from 'fast-check';
import { decideRetry, type RetryFacts, type RetrySettings } from './decideRetry.js';
import type { Budget } from './budget/Budget.js';
import { WindowBudget } from './budget/WindowBudget.js';
import { adaptive } from '../backoff/adaptive.js';
import { constant } from '../backoff/constant.js';
import { retryAfterOr } from '../backoff/retryAfterOr.js';
import type { BackoffContext } from '../model/Backoff.js';
import type { Classification } from '../model/Classification.js';
import { seededRandom } from '../testing/seededRandom.js';
import { ErrorClass } from '../model/ErrorClass.js';

const settings: RetrySettings = {
  maxAttempts: 5,
  maxUnknownAttempts: 2,
  maxAttemptsByClass: {},
  backoff: () => 100,
  backoffByClass: {},
};

const facts: RetryFacts = {
  attempt: 1,
  errorClass: 'TRANSIENT',
  classification: { errorClass: 'TRANSIENT' },
  failedBy: 'exception',
  attemptsOfClass: 1,
  remainingMs: 1_000,
  previousDelayMs: undefined,
  refused: false,
  aborted: false,
  retryable: true,
};

const unspread = retryAfterOr(constant(1), { jitterMs: 0 });

const failedAs = (errorClass: ErrorClass, rest: Partial<RetryFacts> = {}): RetryFacts => ({
  ...facts,
  errorClass,
  classification: { errorClass },
  ...rest,
});

const asked = (retryAfterMs: number, rest: Partial<RetryFacts> = {}): RetryFacts => ({
  ...facts,
  classification: { errorClass: 'TRANSIENT', retryAfterMs },
  ...rest,
});

/** One retry, for as long as the test lasts. */
const oneRetry = () => new WindowBudget(1, 1e9);
const emptied = () => {
  const budget = oneRetry();
  budget.tryWithdraw(0);
  return budget;
};

/** Decides, and says what was drawn on the way. */
function decide(given: Partial<RetrySettings>, when: RetryFacts, budget?: Budget) {
  const drawn = { backoffs: 0, randoms: 0 };
  const counted = (delay: ((context: BackoffContext) => number) | undefined) =>
    delay &&
    ((context: BackoffContext) => {
      drawn.backoffs += 1;
      context.random();
      return delay(context);
    });
  const merged = { ...settings, ...given };
  const random = () => {
    drawn.randoms += 1;
    return 0.5;
  };
  const counting: RetrySettings = {
    ...merged,
    backoff: counted(merged.backoff),
    backoffByClass: Object.fromEntries(
      Object.entries(merged.backoffByClass).map(([errorClass, backoff]) => [errorClass, counted(backoff)]),
    ),
  };
  const before = budget?.balance(0);
  const decision = decideRetry(counting, when, budget, 0, random, () => {});
  const taken = budget === undefined ? 0 : Number(before) - budget.balance(0);
  const said = decision.kind === 'retry' ? { delayMs: decision.delayMs } : { stop: decision.kind === 'stop' ? decision.reason : 'refused' };
  return { ...said, drawn, taken };
}

const nothing = { backoffs: 0, randoms: 0 };
const one = { backoffs: 1, randoms: 1 };

describe('decideRetry', () => {
  it.each<{ rule: string; given?: Partial<RetrySettings>; when: RetryFacts; then: string | number }>([
    { rule: 'retry.max-attempts', when: { ...facts, attempt: 4 }, then: 100 },
    { rule: 'retry.max-attempts', when: { ...facts, attempt: 5 }, then: 'MAX_ATTEMPTS_GLOBAL' },
    { rule: 'retry.max-attempts', when: { ...facts, attempt: 6 }, then: 'MAX_ATTEMPTS_GLOBAL' },
    { rule: 'retry.false-is-one', given: { maxAttempts: 1 }, when: facts, then: 'MAX_ATTEMPTS_GLOBAL' },
    { rule: 'retry.class-cap', given: { maxAttemptsByClass: { RATE_LIMIT: 2 } }, when: failedAs('RATE_LIMIT'), then: 100 },
    {
      rule: 'retry.class-cap',
      given: { maxAttemptsByClass: { RATE_LIMIT: 2 } },
      when: failedAs('RATE_LIMIT', { attempt: 3, attemptsOfClass: 2 }),
      then: 'MAX_ATTEMPTS_PER_CLASS',
    },
    {
      rule: 'retry.class-cap',
      given: { maxAttemptsByClass: { RATE_LIMIT: 2 } },
      when: failedAs('TRANSIENT', { attempt: 3, attemptsOfClass: 3 }),
      then: 100,
    },
    { rule: 'retry.unknown-cap', when: failedAs('UNKNOWN'), then: 100 },
    {
      rule: 'retry.unknown-cap',
      when: failedAs('UNKNOWN', { attempt: 2, attemptsOfClass: 2 }),
      then: 'MAX_UNKNOWN_ATTEMPTS',
    },
    { rule: 'retry.unknown-cap', when: failedAs('TRANSIENT', { attempt: 3, attemptsOfClass: 3 }), then: 100 },
    { rule: 'retry.decision-order', when: failedAs('AUTH'), then: 'NON_RETRYABLE_CLASS' },
    { rule: 'retry.decision-order', when: failedAs('PERMISSION'), then: 'NON_RETRYABLE_CLASS' },
    { rule: 'retry.decision-order', when: failedAs('PERMANENT'), then: 'NON_RETRYABLE_CLASS' },
    { rule: 'retry.decision-order', when: failedAs('CONCURRENCY'), then: 100 },
    { rule: 'retry.decision-order', when: failedAs('RATE_LIMIT'), then: 100 },
    { rule: 'retry.decision-order', when: failedAs('SERVER_ERROR'), then: 100 },
    { rule: 'retry.idempotent-false', when: { ...facts, retryable: false }, then: 'NON_RETRYABLE_CLASS' },
    { rule: 'retry.no-strategy', given: { backoff: undefined }, when: facts, then: 'NO_STRATEGY' },
    { rule: 'retry.no-strategy', given: { backoff: undefined, backoffByClass: { TRANSIENT: () => 7 } }, when: facts, then: 7 },
    { rule: 'retry.no-strategy', given: { backoff: undefined, backoffByClass: { RATE_LIMIT: () => 7 } }, when: facts, then: 'NO_STRATEGY' },
    { rule: 'retry.no-strategy', given: { backoffByClass: { TRANSIENT: () => 7 } }, when: facts, then: 7 },
    { rule: 'retry.no-strategy', given: { backoffByClass: { RATE_LIMIT: () => 7 } }, when: facts, then: 100 },
    { rule: 'retry.deadline-exact', when: { ...facts, remainingMs: 0 }, then: 'DEADLINE_EXCEEDED' },
    { rule: 'retry.deadline-exact', when: { ...facts, remainingMs: -1 }, then: 'DEADLINE_EXCEEDED' },
    { rule: 'retry.deadline-exact', given: { backoff: () => 0 }, when: { ...facts, remainingMs: 0 }, then: 'DEADLINE_EXCEEDED' },
    { rule: 'retry.deadline-exact', given: { backoff: () => 0 }, when: { ...facts, remainingMs: 0.5 }, then: 0 },
    { rule: 'retry.deadline-exact', given: { backoff: undefined }, when: { ...facts, remainingMs: 0 }, then: 'DEADLINE_EXCEEDED' },
    { rule: 'retry.deadline-exact', given: { backoff: undefined }, when: { ...facts, remainingMs: 0.5 }, then: 'NO_STRATEGY' },
    { rule: 'retry.delay-must-fit', when: { ...facts, remainingMs: 100.5 }, then: 100 },
    { rule: 'retry.delay-must-fit', when: { ...facts, remainingMs: 100 }, then: 'DEADLINE_EXCEEDED' },
    { rule: 'retry.delay-must-fit', when: { ...facts, remainingMs: 99 }, then: 'DEADLINE_EXCEEDED' },
    { rule: 'retry.delay-must-fit', when: { ...facts, remainingMs: Infinity }, then: 100 },
    { rule: 'classify.retry-after-floor', when: asked(99), then: 100 },
    // Half of the spread: chance is 0.5 here.
    { rule: 'retry.asked-wait-spread', when: asked(100), then: 225 },
    { rule: 'retry.asked-wait-spread', when: asked(101), then: 226 },
    { rule: 'retry.asked-wait-spread', when: asked(10_000, { remainingMs: Infinity }), then: 11_000 },
    { rule: 'retry.asked-wait-spread', when: asked(3_600_000, { remainingMs: Infinity }), then: 3_615_000 },
    { rule: 'retry.asked-wait-spread', when: asked(500, { remainingMs: 700 }), then: 550 },
    { rule: 'retry.asked-wait-spread', when: asked(0), then: 100 },
    { rule: 'retry.asked-wait-spread', given: { backoff: () => 0 }, when: asked(0), then: 0 },
    { rule: 'retry.asked-wait-spread', given: { backoff: retryAfterOr(constant(1), { jitterMs: 80 }) }, when: asked(200), then: 240 },
    { rule: 'retry.asked-wait-spread', given: { backoff: retryAfterOr(constant(1)) }, when: asked(200), then: 325 },
    { rule: 'retry.spread-by-itself', given: { backoff: unspread }, when: asked(200), then: 200 },
    { rule: 'retry.spread-by-itself', given: { backoff: (context) => unspread(context) }, when: asked(200), then: 200 },
    { rule: 'retry.spread-by-itself', given: { backoff: adaptive(unspread) }, when: asked(200), then: 200 },
    { rule: 'retry.spread-by-itself', given: { backoff: (context) => Math.min(unspread(context), 50) }, when: asked(200), then: 325 },
    { rule: 'retry.spread-by-itself', given: { backoff: (context) => unspread(context) + 1 }, when: asked(200), then: 201 },
    {
      rule: 'retry.spread-by-itself',
      given: { backoff: (context) => unspread(Object.freeze({ ...context })) },
      when: asked(200),
      then: 325,
    },
    { rule: 'classify.retry-after-unbounded', when: asked(90_000, { remainingMs: 90_004 }), then: 90_001 },
    { rule: 'retry.delay-must-fit', when: asked(500, { remainingMs: 500 }), then: 'DEADLINE_EXCEEDED' },
    { rule: 'retry.delay-must-fit', when: asked(500, { remainingMs: 501 }), then: 500.25 },
    { rule: 'retry.handler-asked', given: { backoff: () => 5_000 }, when: { ...facts, handled: true }, then: 5_000 },
    { rule: 'retry.handler-asked', given: { backoff: () => Infinity }, when: { ...facts, handled: true }, then: Number.MAX_VALUE },
    { rule: 'retry.handler-asked', when: asked(60_000, { handled: true }), then: 66_000 },
    {
      rule: 'retry.decision-order',
      when: { ...facts, classification: { errorClass: 'TRANSIENT', retryable: false } as Classification },
      then: 'NON_RETRYABLE_CLASS',
    },
    { rule: 'retry.delay-sanitised', when: asked(Number.NaN), then: 100 },
    { rule: 'retry.delay-sanitised', when: asked(Infinity), then: 100 },
    { rule: 'retry.delay-sanitised', when: asked(-5), then: 100 },
    { rule: 'retry.delay-sanitised', given: { backoff: () => Number.NaN }, when: facts, then: 500 },
    { rule: 'retry.delay-sanitised', given: { backoff: () => Infinity }, when: facts, then: 'DEADLINE_EXCEEDED' },
    { rule: 'retry.delay-sanitised', given: { backoff: () => -1 }, when: facts, then: 0 },
    { rule: 'retry.delay-sanitised', given: { backoff: () => Number.NaN }, when: asked(20), then: 500 },
  ])('[$rule] $given, $when: $then', ({ given = {}, when, then }) => {
    const { stop, delayMs } = { stop: undefined, delayMs: undefined, ...decide(given, when) };
    expect(stop ?? delayMs).toBe(then);
  });

  // Each stands before the ones below it: with all of them true the first decides, then the second, and so on.
  const order: readonly { stop: string; settings?: Partial<RetrySettings>; facts?: Partial<RetryFacts>; budget?: Budget }[] = [
    { stop: 'ABORTED', facts: { aborted: true } },
    { stop: 'NON_RETRYABLE_CLASS', facts: { retryable: false } },
    { stop: 'MAX_ATTEMPTS_GLOBAL', settings: { maxAttempts: 1 } },
    { stop: 'MAX_ATTEMPTS_PER_CLASS', settings: { maxAttemptsByClass: { UNKNOWN: 1 } } },
    { stop: 'MAX_UNKNOWN_ATTEMPTS', settings: { maxUnknownAttempts: 1 } },
    { stop: 'refused', facts: { refused: true } },
    { stop: 'DEADLINE_EXCEEDED', facts: { remainingMs: 0 } },
    { stop: 'NO_STRATEGY', settings: { backoff: undefined } },
    { stop: 'DEADLINE_EXCEEDED', settings: { backoff: () => 1_000 } },
    { stop: 'refused', facts: { refusedAfter: () => true } },
    { stop: 'BUDGET_EXHAUSTED', budget: emptied() },
  ];
  it.each(order.map((rule, index) => ({ ...rule, index })))(
    '[retry.decision-order] $index: $stop comes before what follows it',
    ({ stop, index }) => {
      const rest = order.slice(index);
      const given: Partial<RetrySettings> = Object.assign({}, ...rest.map((rule) => rule.settings).reverse());
      const when: Partial<RetryFacts> = Object.assign({}, ...rest.map((rule) => rule.facts).reverse());
      expect(decide(given, failedAs('UNKNOWN', when), order.at(-1)?.budget)).toMatchObject({ stop });
    },
  );
  it('[limiter.retry] a gate is asked what it would say after the delay, which was drawn; where a handler has a say it is not', () => {
    const asked: number[] = [];
    const refusedAfter = (delayMs: number) => asked.push(delayMs) > 0;
    expect(decide({}, failedAs('UNKNOWN', { refusedAfter }), oneRetry())).toEqual({ stop: 'refused', drawn: one, taken: 0 });
    expect(decide({}, failedAs('UNKNOWN', { refusedAfter, handled: true }), oneRetry())).toMatchObject({ delayMs: 100 });
    expect(asked).toEqual([100]);
  });

  it('[retry.decision-order] and when none of them applies, it retries', () => {
    expect(decide({}, failedAs('UNKNOWN'), oneRetry())).toEqual({ delayMs: 100, drawn: one, taken: 1 });
  });

  it.each<{ stop: string; given?: Partial<RetrySettings>; when?: Partial<RetryFacts>; drawn: typeof nothing }>([
    { stop: 'ABORTED', when: { aborted: true }, drawn: nothing },
    { stop: 'refused', when: { refused: true }, drawn: nothing },
    { stop: 'NON_RETRYABLE_CLASS', when: { retryable: false }, drawn: nothing },
    { stop: 'MAX_ATTEMPTS_GLOBAL', given: { maxAttempts: 1 }, drawn: nothing },
    { stop: 'MAX_ATTEMPTS_PER_CLASS', given: { maxAttemptsByClass: { UNKNOWN: 1 } }, drawn: nothing },
    { stop: 'MAX_UNKNOWN_ATTEMPTS', given: { maxUnknownAttempts: 1 }, drawn: nothing },
    { stop: 'DEADLINE_EXCEEDED', when: { remainingMs: 0 }, drawn: nothing },
    { stop: 'NO_STRATEGY', given: { backoff: undefined }, drawn: nothing },
    { stop: 'DEADLINE_EXCEEDED', when: { classification: { errorClass: 'UNKNOWN', retryAfterMs: 1_000 } }, drawn: nothing },
    { stop: 'DEADLINE_EXCEEDED', given: { backoff: () => 1_000 }, drawn: one },
  ])('[retry.no-phantom-step] $stop ($given$when) takes nothing from the budget and draws $drawn', ({ stop, given = {}, when, drawn }) => {
    expect(decide(given, failedAs('UNKNOWN', when), oneRetry())).toEqual({ stop, drawn, taken: 0 });
  });

  it('[budget.says-exhausted] stops when the budget is empty, and retries when it is not', () => {
    const budget = oneRetry();
    expect(decide({}, facts, budget)).toEqual({ delayMs: 100, drawn: one, taken: 1 });
    expect(decide({}, facts, budget)).toEqual({ stop: 'BUDGET_EXHAUSTED', drawn: one, taken: 0 });
  });

  it('[budget.off] asks no budget when there is none', () => {
    expect(decide({}, facts)).toMatchObject({ delayMs: 100 });
  });

  it('asks the budget at the time it is given', () => {
    const budget = new WindowBudget(1, 50);
    const at = (nowMs: number) => decideRetry(settings, facts, budget, nowMs, Math.random, () => {}).kind;
    expect([at(0), at(49), at(50)]).toEqual(['retry', 'stop', 'retry']);
  });

  it('[retry.asked-wait-spread] leaves it to a backoff that has a spread of its own, be it none', () => {
    const backoff = retryAfterOr(constant(1), { jitterMs: 0 });
    const random = () => 0.5;
    expect(decideRetry({ ...settings, backoff }, asked(200), undefined, 0, random, () => {})).toEqual({ kind: 'retry', delayMs: 200 });
  });

  it('[retry.asked-wait-spread] sends 1,000 callers back all over the spread: no twentieth of it has more than a tenth of them', () => {
    const wait = fc.record({ askedMs: fc.integer({ min: 1, max: 300_000 }), leftMs: fc.integer({ min: 10, max: 600_000 }) });
    fc.assert(
      fc.property(wait, fc.integer(), ({ askedMs, leftMs }, seed) => {
        const random = seededRandom(seed);
        const when = asked(askedMs, { remainingMs: askedMs + leftMs });
        const delays = Array.from({ length: 1_000 }, () => {
          const decision = decideRetry({ ...settings, backoff: constant(0) }, when, undefined, 0, random, () => {});
          return decision.kind === 'retry' ? decision.delayMs : Number.NaN;
        });
        const rangeMs = Math.min(leftMs / 2, Math.max(250, Math.min(30_000, askedMs / 5)));
        const parts = Array.from({ length: 20 }, () => 0);
        for (const delayMs of delays) {
          const part = Math.floor(((delayMs - askedMs) / rangeMs) * 20);
          parts[part] = (parts[part] ?? Number.NaN) + 1;
        }
        expect(parts).toHaveLength(20);
        expect(Math.max(...parts)).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('gives the backoff all that is known, and its chance', () => {
    const seen: BackoffContext[] = [];
    const random = () => 0.25;
    const classification = { errorClass: 'RATE_LIMIT', retryAfterMs: 3, details: 'quota' } as const;
    const when: RetryFacts = {
      ...failedAs('RATE_LIMIT'),
      attempt: 4,
      classification,
      failedBy: 'result',
      previousDelayMs: 70,
      remainingMs: 900,
    };
    const backoff = (context: BackoffContext) => seen.push(context);
    decideRetry({ ...settings, backoff }, when, undefined, 0, random, () => {});
    expect(seen).toEqual([{ attempt: 4, classification, previousDelayMs: 70, remainingMs: 900, failedBy: 'result', random }]);
  });

  it('[call.backoff-throw-zero] tells what a backoff throws, and retries after 0 ms, or what the other side asked for', () => {
    const errors: unknown[] = [];
    const thrown = new Error('broken backoff');
    const backoff = () => {
      throw thrown;
    };
    const decided = (when: RetryFacts) =>
      decideRetry({ ...settings, backoff }, when, undefined, 0, Math.random, (error) => errors.push(error));
    expect(decided(facts)).toEqual({ kind: 'retry', delayMs: 0 });
    expect(decided(asked(40))).toMatchObject({ kind: 'retry' });
    expect(errors).toEqual([thrown, thrown]);
  });

  it('retries only what every rule allows, waits no less than asked and leaves time for an attempt', () => {
    const small = fc.integer({ min: 1, max: 4 });
    const delay = fc.oneof(fc.integer({ min: -5, max: 30 }), fc.constantFrom(Number.NaN, Infinity, -Infinity));
    const anyFacts = fc.record({
      attempt: small,
      errorClass: fc.constantFrom(...Object.values(ErrorClass)),
      attemptsOfClass: small,
      remainingMs: fc.oneof(fc.integer({ min: -2, max: 30 }), fc.constant(Infinity)),
      refused: fc.constantFrom(false, false, false, true),
      aborted: fc.constantFrom(false, false, false, true),
      retryable: fc.constantFrom(true, true, true, false),
      retryAfterMs: fc.option(delay, { nil: undefined }),
    });
    const caps = fc.record({ maxAttempts: small, maxUnknownAttempts: small, classCap: fc.option(small, { nil: undefined }) });
    fc.assert(
      fc.property(anyFacts, caps, fc.option(delay, { nil: undefined }), fc.boolean(), ({ retryAfterMs, ...rest }, cap, delayMs, empty) => {
        const { errorClass, attempt, attemptsOfClass, remainingMs } = rest;
        const budget = empty ? emptied() : oneRetry();
        const given: Partial<RetrySettings> = {
          maxAttempts: cap.maxAttempts,
          maxUnknownAttempts: cap.maxUnknownAttempts,
          maxAttemptsByClass: cap.classCap === undefined ? {} : { [errorClass]: cap.classCap },
          backoff: delayMs === undefined ? undefined : () => delayMs,
        };
        const result = decide(given, { ...facts, ...rest, classification: { errorClass, retryAfterMs } }, budget);
        const clean = (ms: number | undefined) => (ms !== undefined && Number.isFinite(ms) && ms > 0 ? ms : 0);
        // Chance is 0.5: that is where the default backoff is, which serves for NaN, and half of the spread.
        const backoffMs = delayMs === Infinity ? Infinity : Number.isNaN(delayMs) ? 500 : clean(delayMs);
        const floorMs = clean(retryAfterMs);
        const spreadMs = Math.min(250, (remainingMs - floorMs) / 2) / 2;
        const waitMs = floorMs > 0 && floorMs >= backoffMs ? floorMs + Math.max(0, spreadMs) : backoffMs;
        const allowed =
          !rest.aborted &&
          !rest.refused &&
          rest.retryable &&
          !['AUTH', 'PERMISSION', 'PERMANENT'].includes(errorClass) &&
          attempt < cap.maxAttempts &&
          !(cap.classCap !== undefined && attemptsOfClass >= cap.classCap) &&
          !(errorClass === 'UNKNOWN' && attemptsOfClass >= cap.maxUnknownAttempts) &&
          remainingMs > 0 &&
          delayMs !== undefined &&
          waitMs < remainingMs &&
          !empty;
        if (allowed) expect(result).toMatchObject({ delayMs: waitMs, taken: 1 });
        else expect(result).toMatchObject({ stop: expect.any(String), taken: 0 });
      }),
      { numRuns: 1_000 },
    );
  });
});
