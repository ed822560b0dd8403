import { FakeClock } from '../../testing/FakeClock.js';
import { fixed } from '../../testing/fixedBackoffs.js';
import { createRegistry } from '../../policy/Registry.js';
import { type Listening, listen } from '../fixtures/listen.js';
import { hrTime, ProcessTime, wholeMs } from './ProcessTime.js';

const START = 1_700_000_000_000;

/** A machine whose clocks are set by hand: milliseconds since its start, and how far its wall clock is off. */
function machine() {
  const at = { ms: 0.25, offMs: 0, stopMs: 0 };
  const monotonic = (): number => at.ms;
  const wall = (): number => {
    // The process may be stopped between two readings.
    at.ms += at.stopMs;
    at.stopMs = 0;
    return Math.floor(START + at.ms + at.offMs);
  };
  return { at, time: new ProcessTime(monotonic, wall, START) };
}

describe('the time of the process', () => {
  it('[telemetry.time] is in whole microseconds of the wall clock', () => {
    const { at, time } = machine();
    expect(time.now()).toBe(START * 1_000 + 250);
    at.ms = 7.1252;
    expect(time.now()).toBe(START * 1_000 + 7_125);
  });

  it.each([
    ['an hour forward', 3_600_000],
    ['an hour back', -3_600_000],
    ['by 10 ms forward, as by drift', 10],
    ['by 10 ms back', -10],
  ])('[telemetry.time] follows the wall clock that is set %s', (_, offMs) => {
    const { at, time } = machine();
    time.now();
    at.offMs = offMs;
    at.ms = 50.5;
    expect(Math.abs(time.now() / 1_000 - (START + 50.5 + offMs))).toBeLessThan(1);
    // And is monotonic from there.
    at.ms = 50.75;
    const before = time.now();
    at.ms = 51;
    expect(time.now() - before).toBe(250);
  });

  it('[telemetry.time] takes no stop of the process between two readings for a drift', () => {
    const { at, time } = machine();
    time.now();
    at.stopMs = 400;
    expect(time.now()).toBe(START * 1_000 + 400_250);
    at.ms += 1;
    expect(time.now()).toBe(START * 1_000 + 401_250);
  });

  it('[telemetry.time] keeps its microseconds where the process was stopped and the platform does not know when it began', () => {
    const at = { ms: 0.25, stopMs: 0 };
    const wall = (): number => {
      at.ms += at.stopMs;
      at.stopMs = 0;
      return Math.floor(START + at.ms);
    };
    const time = new ProcessTime(() => at.ms, wall, Number.NaN);
    expect(time.now()).toBe(START * 1_000);
    at.ms = 0.75;
    at.stopMs = 400;
    expect(time.now()).toBe(START * 1_000 + 400_500);
  });

  it('[telemetry.time] begins on the wall clock where the platform does not know when it began', () => {
    const time = new ProcessTime(
      () => 5.5,
      () => START,
      Number.NaN,
    );
    expect(time.now()).toBe(START * 1_000);
  });

  it.each([
    [0, [0, 0]],
    [1_700_000_000_999_999, [1_700_000_000, 999_999_000]],
    [1_700_000_001_000_000, [1_700_000_001, 0]],
  ])('%p µs is %p for OpenTelemetry', (microseconds, expected) => {
    expect(hrTime(microseconds)).toEqual(expected);
    expect(wholeMs(microseconds) % 1_000).toBe(0);
  });
});

describe('what a call tells', () => {
  let sdk: Listening;
  afterEach(() => sdk.stop());

  const failing = (): never => {
    throw Object.assign(new Error('busy'), { status: 503 });
  };

  async function call(spans: 'always' | 'on-problem' | 'never') {
    sdk = await listen({ spans, logSeverity: 'DEBUG', attemptSpans: true });
    const clock = new FakeClock();
    const options = { clock, retry: { maxAttempts: 2, backoff: fixed(0), budget: false } } as const;
    const policy = createRegistry().policy('timed', { ...options, circuitBreaker: { trip: { type: 'consecutive', failures: 2 } } });
    await clock.until(policy.settle(failing));
    return policy;
  }

  it.each(['always', 'on-problem', 'never'] as const)('[telemetry.time] has its order in its times, spans %s', async (spans) => {
    await call(spans);
    const logs = sdk.logs();
    expect(logs.map(({ eventName }) => eventName)).toEqual(['redress.retry', 'redress.circuit_opened', 'redress.max_attempts_exceeded']);
    const times = logs.map(({ timeMs }) => timeMs);
    expect(new Set(times).size).toBe(3);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const span = sdk.spans().find(({ attributes }) => 'redress.outcome' in attributes);
    if (span === undefined) return expect(spans).toBe('never');
    // The very time of its record.
    expect(span.events.slice(0, 3).map(({ timeMs }) => timeMs)).toEqual(times);
    expect(span.startMs).toBe(Math.floor(span.startMs));
    expect(span.endMs).toBeGreaterThan(span.events.at(-1)?.timeMs ?? Infinity);
  });

  it('[telemetry.time] goes on where the wall clock is set back in the midst of it', async () => {
    sdk = await listen({ logSeverity: 'DEBUG' });
    const clock = new FakeClock();
    const policy = createRegistry().policy('set back', { clock, retry: { maxAttempts: 2, backoff: fixed(0), budget: false } });
    const setBack = (): never => {
      jest.spyOn(Date, 'now').mockReturnValue(START);
      return failing();
    };
    await clock.until(policy.settle(setBack));
    jest.restoreAllMocks();
    const { startMs, events, endMs } = sdk.span();
    const times = [startMs, ...events.map(({ timeMs }) => timeMs), endMs];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every((time) => time > START + 1_000_000)).toBe(true);
  });

  it('[telemetry.time] is the same clock outside of any call', async () => {
    const policy = await call('never');
    policy.circuitBreaker.reset();
    const last = sdk.logs().at(-1);
    expect(last?.eventName).toBe('redress.circuit_closed');
    expect(last?.timeMs).toBeGreaterThan(sdk.logs().at(-2)?.timeMs ?? Infinity);
  });
});
