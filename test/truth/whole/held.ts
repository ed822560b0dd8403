import { callsById } from '../callsById.js';
import type { HappenedCall } from '../Happened.js';
import type { Evidence } from './Evidence.js';
import type { Look, WholeHappened } from './Happened.js';

/** Milliseconds by which sums of doubles may be off. */
const ROUNDING_MS = 1e-6;
const RANK = { high: 0, normal: 1, low: 2 };
const STATES: Readonly<Record<string, string>> = { open: 'open', 'half-open': 'half_open' };

/** What gates promise is what dependencies, callers and whoever asked for health saw. */
export function testHeld(evidence: () => Evidence): void {
  const callOf = callsById(evidence);

  /** No span of time has more than the burst and what comes back in it. */
  function expectWithin(calledAt: readonly number[], { limit, windowMs, burst }: WholeHappened['limits']['search']): void {
    const times = [...calledAt].sort((a, b) => a - b);
    for (const [first, from] of times.entries()) {
      for (const [more, to] of times.slice(first).entries()) {
        const most = burst + ((to - from + ROUNDING_MS) * limit) / windowMs;
        if (more + 1 > most) throw new Error(`${more + 1} attempts in ${to - from} ms, of ${most} that are let in`);
      }
    }
    expect(times.length).toBeGreaterThan(0);
  }

  it('lets no more attempts be made in any span of time than the rate limiter has permits, of all and of each key', () => {
    const { attempts, limits } = evidence().happened;
    const of = (which: (call: HappenedCall) => boolean) =>
      attempts.filter(({ call }) => which(callOf(call))).map(({ calledAt }) => calledAt);
    expectWithin(
      of(({ policy }) => policy === 'search'),
      limits.search,
    );
    const keys = new Set(evidence().happened.calls.flatMap(({ key, attempts: made }) => (made > 0 && key) || []));
    for (const key of keys) {
      expectWithin(
        of((call) => call.key === key),
        limits.tenants,
      );
    }
    expect(keys.size).toBeGreaterThan(5);
  });

  it('lets those of a higher priority go first, of all who wait', () => {
    const calls = evidence().happened.calls.filter(({ policy }) => policy === 'desk');
    const waited = calls.filter(({ startedAt, firstAt = startedAt }) => firstAt > startedAt);
    const rank = ({ priority = 'normal' }: HappenedCall): number => RANK[priority];
    for (const call of waited) {
      const { startedAt, firstAt = startedAt } = call;
      const before = (other: HappenedCall): boolean =>
        rank(other) < rank(call) || (rank(other) === rank(call) && other.startedAt < startedAt);
      const passedOver = calls.filter(
        (other) => other.startedAt < firstAt && Math.min(other.firstAt ?? Infinity, other.endedAt) > firstAt && before(other),
      );
      expect([call.id, passedOver.map(({ id }) => id)]).toEqual([call.id, []]);
    }
    expect(waited.length).toBeGreaterThanOrEqual(10);
  });

  it('lets no more calls run at a time than the bulkhead has places', () => {
    const places = { search: 6, desk: 2 };
    for (const [name, most] of Object.entries(places)) {
      const held = evidence().happened.calls.filter(({ policy, firstAt }) => policy === name && firstAt !== undefined);
      for (const { id, firstAt = 0 } of held) {
        const beside = held.filter((other) => (other.firstAt ?? Infinity) <= firstAt && other.endedAt > firstAt);
        expect([id, beside.length <= most]).toEqual([id, true]);
      }
    }
  });

  it('refuses while it drains, lets finish what it had let in, and says so when that is over', () => {
    const { calls, drains } = evidence().happened;
    const outer = calls.filter(({ inside }) => inside === undefined);
    for (const { at, until, inFlight, leftOpen, drained } of drains) {
      expect({ drained, leftOpen }).toEqual({ drained: true, leftOpen: 0 });
      expect(inFlight).toBeGreaterThan(0);
      const late = outer.filter(({ startedAt }) => startedAt >= at && startedAt < until);
      expect(late.length).toBeGreaterThan(10);
      for (const { id, stopReason, attempts } of late) expect([id, stopReason, attempts]).toEqual([id, 'DRAINING', 0]);
    }
    const isDrained = ({ startedAt }: HappenedCall) => drains.some(({ at, until }) => startedAt >= at && startedAt < until);
    // Nor was any that is part of another, such as that of an alternate.
    expect(calls.filter((call) => call.stopReason === 'DRAINING' && (call.inside !== undefined || !isDrained(call)))).toEqual([]);
  });

  it('says by its health what is not closed, when somebody asks, and that it drains', () => {
    const { looks } = evidence().happened;
    for (const look of looks) {
      const { status, draining, reasons, notClosed } = look;
      expect(circuitsIn(look)).toEqual(notClosed.map(({ name, state }) => `${name} ${state}`).sort());
      const isCriticalOpen = notClosed.some(({ name, state }) => name === 'catalog' && state === 'open');
      expect(status).toBe(draining || isCriticalOpen ? 'unhealthy' : reasons.length > 0 ? 'degraded' : 'ok');
      expect(reasons.some(({ part }) => part === 'drain')).toBe(draining);
    }
    expect([...new Set(looks.map(({ status }) => status))]).toContain('degraded');
    expect(looks.some(({ draining }) => draining)).toBe(true);
    expect(looks.some(({ status, draining }) => status === 'unhealthy' && !draining)).toBe(true);
  });
}

/** Circuits that reasons are about, with their states. */
function circuitsIn({ reasons }: Look): readonly string[] {
  return reasons
    .filter(({ part }) => part === 'circuitBreaker')
    .map(({ message }) => {
      const [, name = message, state = ''] = /^Circuit (\S+) is (open|half-open)\b/.exec(message) ?? [];
      return `${name} ${STATES[state] ?? state}`;
    })
    .sort();
}
