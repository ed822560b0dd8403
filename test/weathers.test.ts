import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Herd, herds, type Return, simulateHerd } from './weathers/herd.js';
import { openingsInNoise } from './weathers/noise.js';
import { renderWeathers } from './weathers/renderWeathers.js';
import { type Climate, simulate } from './weathers/simulate.js';
import { type Weather, weathers } from './weathers/Weather.js';

const FILE = join(__dirname, '../docs/weathers.md');

describe('the defaults under many weathers', () => {
  const climates = new Map<Weather, Climate>();
  const climateOf = (weather: Weather): Climate => {
    const climate = climates.get(weather);
    if (climate === undefined) throw new Error(`${weather.name} was not simulated`);
    return climate;
  };
  beforeAll(async () => {
    for (const weather of Object.values(weathers)) climates.set(weather, await simulate(weather));
  }, 120_000);

  it.each(Object.values(weathers))('every call of $name settles', (weather) => {
    const { calls, succeeded, failed, refused, added } = climateOf(weather);
    expect(calls).toBe(weather.seconds * weather.callsPerS);
    expect(succeeded + failed + refused).toBe(calls);
    expect(added.longest).toBeLessThanOrEqual(30_000);
  });

  it.each([weathers.noise01, weathers.noise1])('[weather.noise] $name never opens the circuit, and costs next to nothing', (weather) => {
    const { opened, refused, failed, amplification, added } = climateOf(weather);
    expect({ opened, refused, failed }).toEqual({ opened: 0, refused: 0, failed: 0 });
    expect(amplification).toBeLessThan(1.015);
    expect(added.mean).toBeLessThan(10);
  });

  it.each([
    { calls: 10_000_000, callsPerS: 1_000 },
    { calls: 1_000_000, callsPerS: 20 },
    { calls: 1_000_000, callsPerS: 1 },
  ])('[weather.noise] of $calls calls at $callsPerS a second, one in a hundred of which fails, none opens it', ({ calls, callsPerS }) => {
    expect(openingsInNoise(calls, callsPerS, 1)).toBe(0);
  });

  it.each(herds.flatMap((herd) => [1, 2, 3].map((seed) => ({ herd, seed, what: herd.what }))))(
    '[weather.herd] of a thousand callers $what at most 10 % come back in any 5 % of the spread (chance $seed)',
    async ({ herd, seed }) => {
      const { callers, firstMs, densest } = await simulateHerd(herd, seed);
      expect(callers).toBe(1_000);
      expect(firstMs).toBeGreaterThanOrEqual(0);
      expect(densest).toBeLessThanOrEqual(0.1);
    },
  );

  it('[weather.poison] a poison request fails alone', () => {
    const { calls, succeeded, failed, refused, opened } = climateOf(weathers.poison);
    expect({ failed, refused, opened }).toEqual({ failed: 60, refused: 0, opened: 0 });
    expect(succeeded).toBe(calls - 60);
  });

  it('[weather.hang] behind a hang every call settles by its timeout, and the circuit opens', () => {
    const { calls, opened, openedAfterS, refused, succeeded, amplification, added } = climateOf(weathers.hang);
    expect(calls).toBe(weathers.hang.seconds * weathers.hang.callsPerS);
    expect(opened).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
    // Two attempt timeouts.
    expect(openedAfterS).toBeLessThanOrEqual(2 * 10);
    // Nothing hangs in the 90 s without trouble.
    expect(succeeded).toBeGreaterThan(0.75 * 90 * 100);
    expect(amplification).toBeLessThan(1.21);
    expect(added.longest).toBeLessThanOrEqual(30_000);
  });

  it.each([
    { callsPerS: 20, seed: 1 },
    { callsPerS: 20, seed: 2 },
    { callsPerS: 200, seed: 1 },
  ])('[weather.hang] within two attempt timeouts, at $callsPerS calls a second too (chance $seed)', async ({ callsPerS, seed }) => {
    const { openedAfterS, closedAfterS } = await simulate({ ...weathers.hang, callsPerS }, seed);
    expect(openedAfterS).toBeLessThanOrEqual(2 * 10);
    // 15 s, and the attempt timeout of a probe that was sent just before the recovery.
    expect(closedAfterS).toBeLessThanOrEqual(15 + 10);
  });

  it('[weather.brownout] a brownout costs no more retries than the budget grants', () => {
    const { retries, amplification } = climateOf(weathers.brownout);
    // At every moment: 20 % of the calls, one a second, one of which comes in advance, and ten that were saved.
    const aboveShare = retries.map(({ sinceMs, calls }, index) => index + 1 - 0.2 * calls - sinceMs / 1_000);
    expect(Math.max(...aboveShare)).toBeLessThanOrEqual(11);
    expect(amplification).toBeLessThanOrEqual(1.21);
    expect(amplification).toBeGreaterThan(1.02);
  });

  it.each([1, 2, 3, 4, 5])(
    '[weather.outage-opens] [weather.outage-recovers] an outage opens it within 5 s, and it closes within 15 s of recovery (chance %d)',
    async (seed) => {
      const { openedAfterS, closedAfterS, refusedAfter } = await simulate(weathers.outage, seed);
      expect(openedAfterS).toBeLessThanOrEqual(5);
      expect(closedAfterS).toBeLessThanOrEqual(15);
      expect(refusedAfter).toBe(0);
    },
  );

  it.each(
    [weathers.healthyHour, weathers.longOutage].flatMap((weather) => [1, 2, 3].map((seed) => ({ weather, name: weather.name, seed }))),
  )(
    '[weather.outage-opens] [weather.outage-recovers] nor does $name take longer, whatever chance says ($seed)',
    async ({ weather, seed }) => {
      const { openedAfterS, closedAfterS } = await simulate(weather, seed);
      expect(openedAfterS).toBeLessThanOrEqual(5);
      expect(closedAfterS).toBeLessThanOrEqual(15);
    },
  );

  it.each([weathers.longOutage, weathers.healthyHour])(
    '[weather.outage-opens] [weather.outage-recovers] nor does it take longer for what came before: $name',
    (weather) => {
      const { openedAfterS, closedAfterS, amplification } = climateOf(weather);
      expect(openedAfterS).toBeLessThanOrEqual(5);
      expect(closedAfterS).toBeLessThanOrEqual(15);
      expect(amplification).toBeLessThan(1.05);
    },
  );

  it.each([1, 2, 3])(
    '[weather.flapping] a flapping dependency is refused while it is down, and called again when it is not (chance %d)',
    async (seed) => {
      const { opened, refused, failed, closedAfterS } = await simulate(weathers.flapping, seed);
      expect(opened).toBeGreaterThan(1);
      expect(refused).toBeGreaterThan(failed);
      expect(closedAfterS).toBeLessThanOrEqual(15);
    },
  );

  it.each([1, 2, 3])('[weather.slow-start] a slow start opens nothing, and no call is refused (chance %d)', async (seed) => {
    expect(await simulate(weathers.slowStart, seed)).toMatchObject({ opened: 0, refused: 0 });
  });

  it.each([1, 2, 3])('[weather.lost-connection] a lost connection with 100 calls in flight opens nothing (chance %d)', async (seed) => {
    expect(await simulate(weathers.lostConnection, seed)).toMatchObject({ opened: 0, refused: 0 });
  });

  it('[weather.quiet-pod] a quiet pod is not shut out by one failure, and is protected in an outage', () => {
    expect(climateOf(weathers.quietPod)).toMatchObject({ failed: 0, refused: 0, opened: 0, attempts: 121 });
    const { opened, refused, failed } = climateOf(weathers.quietOutage);
    expect(opened).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(failed);
  });

  it('docs/weathers.md shows this', async () => {
    const returns: [Herd, Return][] = [];
    for (const herd of herds) returns.push([herd, await simulateHerd(herd, 1)]);
    const text = renderWeathers(
      [...climates].map(([weather, climate]) => ({ weather, climate })),
      returns,
    );
    if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(FILE, text);
    expect(readFileSync(FILE, 'utf8')).toBe(text);
  });
});
