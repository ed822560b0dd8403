import { type Attempt, type CircuitBreakerOptions, createRegistry, type Outcome } from '@redress/core';
import { FakeClock, seededRandom } from '@redress/core/testing';
import { HEALTHY_MS, SLOW_MS, type Weather } from './Weather.js';

/** What became of the calls of a weather. */
export interface Climate {
  /** Calls that settled. */
  readonly calls: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Calls that the circuit refused, before their first attempt or between two. */
  readonly refused: number;
  /** Of them, those that began more than 10 s after the trouble ended. */
  readonly refusedAfter: number;
  readonly attempts: number;
  /** Every retry in the trouble: when since it began, and after how many calls that began in it. */
  readonly retries: readonly { readonly sinceMs: number; readonly calls: number }[];
  /** Attempts for each call that made one. */
  readonly amplification: number;
  /** Milliseconds beyond a healthy attempt that calls took which were not refused at once; mean, 99th percentile, longest. */
  readonly added: { readonly mean: number; readonly p99: number; readonly longest: number };
  /** How often the circuit opened. */
  readonly opened: number;
  /** Seconds from the start of the trouble to the first opening; undefined when it never opened. */
  readonly openedAfterS: number | undefined;
  /** Seconds from the end of the trouble until it stayed closed; 0 when it was, undefined when it is still open. */
  readonly closedAfterS: number | undefined;
}

interface Call {
  readonly atMs: number;
  readonly outcome: Outcome<unknown>;
}

interface Made {
  attempts: number;
  first: number;
  readonly retries: Climate['retries'][number][];
}

const busy = Object.assign(new Error('busy'), { status: 503 });
/** How long each answer takes to come; milliseconds. */
const LASTS_MS = { ok: HEALTHY_MS, busy: 0.25 * HEALTHY_MS, slow: SLOW_MS, 'slowly busy': SLOW_MS };

/** Runs a weather against a policy with the defaults and this breaker, on a fake clock and seeded chance. */
export async function simulate(weather: Weather, seed = 1, circuitBreaker: CircuitBreakerOptions = {}): Promise<Climate> {
  const clock = new FakeClock();
  const chance = seededRandom(seed);
  const policy = createRegistry().policy(weather.name, { clock, random: seededRandom(seed + 1), circuitBreaker });
  const { fromS, toS } = weather.trouble;
  const calls: Call[] = [];
  const states: { readonly atMs: number; readonly state: string }[] = [{ atMs: 0, state: 'closed' }];
  const made: Made = { attempts: 0, first: 0, retries: [] };
  let callsInTrouble = 0;

  const look = (): void => {
    const { state } = policy.circuitBreaker;
    if (state !== states.at(-1)?.state) states.push({ atMs: clock.now(), state });
  };
  const begin = (index: number): void => {
    const fn = async ({ number }: Attempt): Promise<string> => {
      const now = clock.now() / 1_000;
      const inTrouble = now >= fromS && now < toS;
      made.attempts += 1;
      if (number === 1) made.first += 1;
      else if (inTrouble) made.retries.push({ sinceMs: clock.now() - fromS * 1_000, calls: callsInTrouble });
      const answer = weather.answer(inTrouble, index, chance(), now - fromS);
      if (answer === 'hang') return new Promise(() => undefined);
      await clock.sleep(answer === 'lost' ? (toS - now) * 1_000 : LASTS_MS[answer]);
      look();
      if (answer !== 'ok' && answer !== 'slow') throw busy;
      return 'ok';
    };
    const atMs = clock.now();
    if (atMs >= fromS * 1_000 && atMs < toS * 1_000) callsInTrouble += 1;
    void policy.settle(fn).then((outcome) => calls.push({ atMs, outcome }));
    look();
    const nextMs = ((index + 1) * 1_000) / weather.callsPerS;
    if (nextMs < weather.seconds * 1_000) clock.setTimeout(() => begin(index + 1), nextMs - clock.now());
  };
  begin(0);
  // Calls last half a minute at most.
  await clock.advance((weather.seconds + 31) * 1_000);
  policy.dispose();
  return climateOf(weather, calls, made, states);
}

function climateOf(
  weather: Weather,
  calls: readonly Call[],
  made: Made,
  states: readonly { readonly atMs: number; readonly state: string }[],
): Climate {
  const fromMs = weather.trouble.fromS * 1_000;
  const toMs = weather.trouble.toS * 1_000;
  const refused = calls.filter(({ outcome }) => !outcome.ok && outcome.stopReason === 'CIRCUIT_OPEN');
  const succeeded = calls.filter(({ outcome }) => outcome.ok).length;
  const added = calls
    .filter(({ outcome }) => outcome.attempts > 0)
    .map(({ outcome }) => Math.max(0, outcome.elapsedMs - HEALTHY_MS))
    .sort((a, b) => a - b);
  const openings = states.filter(({ state }, index) => state === 'open' && states[index - 1]?.state !== 'open');
  const last = states.at(-1);
  const closedAtMs = last?.state === 'closed' ? Math.max(last.atMs, toMs) : undefined;
  return {
    calls: calls.length,
    succeeded,
    failed: calls.length - succeeded - refused.length,
    refused: refused.length,
    refusedAfter: refused.filter(({ atMs }) => atMs > toMs + 10_000).length,
    attempts: made.attempts,
    retries: made.retries,
    amplification: made.attempts / made.first,
    added: {
      mean: added.reduce((sum, ms) => sum + ms, 0) / added.length,
      p99: added[Math.ceil(added.length * 0.99) - 1] ?? 0,
      longest: added.at(-1) ?? 0,
    },
    opened: openings.length,
    openedAfterS: openings[0] === undefined ? undefined : (openings[0].atMs - fromMs) / 1_000,
    closedAfterS: closedAtMs === undefined ? undefined : (closedAtMs - toMs) / 1_000,
  };
}
