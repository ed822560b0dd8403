import { noFault, upstreamNames, type Fault } from './Fault.js';
import { defaultProfiles, seededFaults } from './seededFaults.js';
import { seededUniform } from './seededUniform.js';

const requests = upstreamNames.flatMap((upstream) => Array.from({ length: 2_000 }, (_, i) => ({ upstream, number: i + 1 })));

describe('seededFaults', () => {
  it('depends on seed, upstream and number alone, not on the order of requests', () => {
    const forwards = requests.map(seededFaults(7));
    const backwards = [...requests].reverse().map(seededFaults(7)).reverse();
    expect(backwards).toEqual(forwards);
  });

  it('differs from seed to seed', () => {
    expect(requests.map(seededFaults(8))).not.toEqual(requests.map(seededFaults(7)));
  });

  it.each(upstreamNames)('gives %s every fault of its profile, about as often as it says', (upstream) => {
    const plan = seededFaults(1, { ...defaultProfiles, [upstream]: { faults: defaultProfiles[upstream].faults } });
    const seen = Array.from({ length: 20_000 }, (_, i) => plan({ upstream, number: i + 1 }));
    for (const { share, fault } of defaultProfiles[upstream].faults) {
      expect(seen.filter((each) => each === fault).length / seen.length).toBeCloseTo(share, 1);
      expect(seen).toContain(fault);
    }
  });

  it('fails the last requests of every outage period, by turns with 503 and a reset', () => {
    const plan = seededFaults(1, { ...defaultProfiles, payments: { faults: [], outage: { every: 10, length: 3 } } });
    const kinds = Array.from({ length: 20 }, (_, i): Fault => plan({ upstream: 'payments', number: i + 1 }));
    const calm = Array.from({ length: 7 }, () => noFault);
    const down: Fault = { kind: 'status', status: 503 };
    const cut: Fault = { kind: 'reset', at: 'request' };
    expect(kinds).toEqual([...calm, cut, down, cut, ...calm, cut, down, cut]);
  });
});

describe('seededUniform', () => {
  it('spreads evenly over [0, 1)', () => {
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) {
      const value = seededUniform(3, 'inventory', i);
      expect(value >= 0 && value < 1).toBe(true);
      const bucket = Math.floor(value * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(Math.min(...buckets)).toBeGreaterThan(850);
    expect(Math.max(...buckets)).toBeLessThan(1_150);
  });
});
