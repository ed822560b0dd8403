import { DEFAULT_TIMEOUTS } from '../../model/Timeouts.js';
import { seededRandom } from '../../testing/seededRandom.js';
import { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import { ResolvedBreaker } from './options.js';

describe('the defaults under noise', () => {
  it.each([
    { perS: 1_000, share: 0.01 },
    { perS: 5, share: 0.01 },
  ])(
    '[weather.noise] never open in ten million calls, $share of which fail, at $perS a second',
    ({ perS, share }) => {
      const chance = seededRandom(7);
      const engine = new CircuitBreakerEngine(new ResolvedBreaker('breaker', {}).settings(DEFAULT_TIMEOUTS), 0, chance);
      let opened = 0;
      for (let call = 0; call < 10_000_000; call++) {
        const lease = engine.closedLease;
        if (lease === undefined) break;
        const nowMs = (call * 1_000) / perS;
        const transition = chance() < share ? engine.fail(lease, nowMs, 5, 'TRANSIENT', undefined) : engine.succeed(lease, nowMs, 20);
        if (transition !== undefined) opened += 1;
      }
      expect(opened).toBe(0);
    },
    60_000,
  );
});
