import { type BreakerLease, closedLease } from './BreakerLease.js';
import { Probes } from './Probes.js';

const lease = (): BreakerLease => ({ ...closedLease(), probe: true });

describe('Probes', () => {
  it('[breaker.probe-limit] has as many places as its limit, then says how long the oldest may keep its own', () => {
    const probes = new Probes(2, 100);
    expect(probes.waitMs(0)).toBe(0);
    probes.take(lease(), 0);
    expect(probes.waitMs(10)).toBe(0);
    probes.take(lease(), 10);
    expect(probes.waitMs(10)).toBe(90);
    expect(probes.waitMs(99)).toBe(1);
  });

  it('[breaker.probe-released-once] takes a place back once, and only from one who has it', () => {
    const probes = new Probes(1, 100);
    const first = lease();
    probes.take(first, 0);
    expect(probes.giveBack(lease())).toBe(false);
    expect(probes.waitMs(1)).toBe(99);
    expect(probes.giveBack(first)).toBe(true);
    expect(probes.waitMs(1)).toBe(0);
    probes.take(lease(), 1);
    expect(probes.giveBack(first)).toBe(false);
    expect(probes.waitMs(1)).toBe(100);
  });

  it('[breaker.probe-reclaimed] reclaims the oldest place at its time, one for each that is needed', () => {
    const probes = new Probes(2, 100);
    const leases = [lease(), lease(), lease()] as const;
    probes.take(leases[0], 0);
    probes.take(leases[1], 0);
    expect(probes.waitMs(99.9)).toBeGreaterThan(0);
    expect(probes.waitMs(100)).toBe(0);
    probes.take(leases[2], 100);
    expect(leases.map((one) => probes.giveBack(one))).toEqual([false, true, true]);
  });

  it('lets an overdue probe tell how it went while nobody needs its place', () => {
    const probes = new Probes(2, 100);
    const overdue = lease();
    probes.take(overdue, 0);
    expect(probes.waitMs(1_000)).toBe(0);
    expect(probes.giveBack(overdue)).toBe(true);
  });

  it('has every place free again after clear, and none to give back', () => {
    const probes = new Probes(1, 100);
    const old = lease();
    probes.take(old, 0);
    probes.clear();
    expect(probes.waitMs(1)).toBe(0);
    expect(probes.giveBack(old)).toBe(false);
  });
});
