import { AsyncLocalStorage } from 'node:async_hooks';
import { createRegistry } from '../../policy/Registry.js';
import { rejects, withStatus } from '../../runtime/fixtures/script.js';
import { told, withDiag } from '../../telemetry/fixtures/diag.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { turn } from '../../testing/turn.js';
import { CircuitBreaker } from './CircuitBreaker.js';
import type { CircuitBreakerOptions } from './options.js';
import type { CircuitTransition, OnTransition } from './TransitionListener.js';

const busy = withStatus(503);
const once = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 1_000 } as const satisfies CircuitBreakerOptions;

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(async () => {
  withDiag();
  await telemetry.reset();
});
afterAll(() => telemetry.shutdown());

/** A policy whose circuit opens at its first failure, for a second. */
function guarded(onTransition: OnTransition, more: CircuitBreakerOptions = {}) {
  const clock = new FakeClock();
  const registry = createRegistry();
  const policy = registry.policy('acting', { clock, retry: false, circuitBreaker: { ...once, onTransition, ...more } });
  return {
    clock,
    registry,
    policy,
    circuit: policy.circuitBreaker,
    fails: () => clock.until(policy.settle(rejects(busy))),
    works: () => clock.until(policy.settle(() => 'ok')),
  };
}

/** What is told, in short. */
const brief = ({ from, to, reason }: CircuitTransition): string => `${from} > ${to}: ${reason}`;

describe('onTransition', () => {
  it('[breaker.on-transition] is told each change, with its name, its reason and the time until a probe', async () => {
    const seen: CircuitTransition[] = [];
    const { clock, circuit, fails, works } = guarded((transition) => seen.push(transition));
    await fails();
    await clock.advance(1_000);
    expect(circuit.state).toBe('half_open');
    expect(seen).toHaveLength(1); // what nobody asked for a probe is told nobody
    await fails();
    await clock.advance(1_000);
    await works();
    circuit.forceOpen();
    circuit.forceOpen();
    circuit.reset();
    expect(seen.map(brief)).toEqual([
      'closed > open: consecutive',
      'open > half_open: recovery_elapsed',
      'half_open > open: probe_failed',
      'open > half_open: recovery_elapsed',
      'half_open > closed: probes_succeeded',
      'closed > forced_open: forced',
      'forced_open > closed: reset',
    ]);
    expect(seen.map(({ retryAfterMs }) => retryAfterMs)).toEqual([1_000, undefined, 1_000, undefined, undefined, undefined, undefined]);
    expect(new Set(seen.map(({ name }) => name))).toEqual(new Set(['acting']));
    expect(seen.every((transition) => Object.isFrozen(transition))).toBe(true);
  });

  it('[breaker.on-transition] finds the circuit in its new state', async () => {
    const states: string[] = [];
    const { circuit, fails } = guarded(({ to }) => states.push(to, circuit.state));
    await fails();
    expect(states).toEqual(['open', 'open']);
  });

  it.each([
    { given: 'that was forced open without a policy', make: (onTransition: OnTransition) => new CircuitBreaker({ onTransition }) },
    {
      given: 'that was restored open, with its first policy',
      make: (onTransition: OnTransition) => {
        const before = new CircuitBreaker({ name: 'c' });
        before.forceOpen();
        return CircuitBreaker.restore(before.toJSON(), { onTransition });
      },
    },
  ])('[breaker.on-transition] is told of a circuit $given', ({ given, make }) => {
    const seen: string[] = [];
    const circuitBreaker = make((transition) => seen.push(brief(transition)));
    if (given.includes('without')) circuitBreaker.forceOpen();
    createRegistry().policy('owner', { clock: new FakeClock(), circuitBreaker });
    expect(seen).toEqual([given.includes('without') ? 'closed > forced_open: forced' : 'closed > forced_open: restored']);
  });

  it('[breaker.on-transition] acts on nothing that a circuit only observes', async () => {
    const seen: unknown[] = [];
    const { fails, circuit } = guarded((transition) => seen.push(transition), { observeOnly: true });
    await fails();
    expect(circuit.state).toBe('open');
    expect(seen).toEqual([]);
  });

  it.each<{ given: string; act: OnTransition; then: string }>([
    {
      given: 'throws',
      act: () => {
        throw new Error('no pager');
      },
      then: 'onTransition of circuit acting threw',
    },
    { given: 'rejects', act: () => Promise.reject(new Error('no pager')), then: 'onTransition of circuit acting rejected' },
    {
      given: 'gives a then that throws',
      act: () => ({
        get then(): never {
          throw new Error('no then');
        },
      }),
      then: 'onTransition of circuit acting rejected',
    },
  ])('[breaker.on-transition-guarded] that $given changes nothing, and is told through diag', async ({ act, then }) => {
    const { circuit, fails, works, clock } = guarded(act);
    expect(await fails()).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', error: busy });
    expect(await works()).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: 1_000 });
    await clock.advance(1_000);
    expect(await works()).toMatchObject({ ok: true, value: 'ok' });
    expect(circuit.state).toBe('closed');
    circuit.forceOpen();
    await turn();
    expect(told()).toEqual(Array(4).fill(`redress: ${then}`));
  });

  it('[breaker.on-transition-reentrant] that changes the circuit is told of that when it has returned, and not before', async () => {
    const seen: string[] = [];
    const { circuit, fails, works } = guarded((transition) => {
      seen.push(brief(transition));
      if (transition.to === 'open') {
        circuit.forceOpen();
        circuit.reset();
      }
      seen.push('end');
    });
    await fails();
    expect(seen).toEqual(['closed > open: consecutive', 'end', 'open > forced_open: forced', 'end', 'forced_open > closed: reset', 'end']);
    expect(circuit.state).toBe('closed');
    expect(await works()).toMatchObject({ ok: true });
    expect(await telemetry.counter('redress.events', { 'redress.event': 'circuit_opened' })).toBe(2);
    expect(await telemetry.counter('redress.events', { 'redress.event': 'circuit_closed' })).toBe(1);
  });

  it('[breaker.on-transition-reentrant] that forces the circuit open as it lets a probe through: the probe goes on, and says nothing', async () => {
    const { circuit, clock, fails, works } = guarded(({ to }) => void (to === 'half_open' && circuit.forceOpen()));
    await fails();
    await clock.advance(1_000);
    expect(await works()).toMatchObject({ ok: true });
    expect(circuit.state).toBe('forced_open');
    expect(await works()).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: Infinity });
  });

  it('[breaker.on-transition-reentrant] that changes the circuit each time comes to an end, which is told', async () => {
    let times = 0;
    const { circuit, fails } = guarded(({ to }) => {
      times++;
      if (to === 'closed') circuit.forceOpen();
      else circuit.reset();
    });
    await fails();
    expect(times).toBe(100);
    expect(told()).toEqual(['redress: onTransition of circuit acting goes on changing the circuit; it is told no more of what it did']);
    circuit.forceClose();
    expect(times).toBeGreaterThan(100);
  });

  it("[breaker.on-transition-context] runs in no caller's async context", async () => {
    const requestOf = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const { fails, circuit } = guarded(() => void seen.push(requestOf.getStore()));
    await requestOf.run('a request', fails);
    requestOf.run('another', () => circuit.reset());
    expect(seen).toEqual([undefined, undefined]);
  });

  it('[registry.update-keeps-state] is compared by identity when a policy is updated', async () => {
    const seen: string[] = [];
    const act: OnTransition = ({ to }) => seen.push(to);
    const { registry, circuit, fails } = guarded(act);
    await fails();
    registry.updatePolicy('acting', { circuitBreaker: { ...once, onTransition: act } });
    expect(circuit.state).toBe('open');
    expect(registry.getPolicy('acting')?.circuitBreaker).toBe(circuit);
    registry.updatePolicy('acting', { circuitBreaker: { ...once, onTransition: () => undefined } });
    expect(registry.getPolicy('acting')?.circuitBreaker).not.toBe(circuit);
    expect(seen).toEqual(['open']);
  });

  it.each(['x', 5, {}, true])('[call.options-validated] of %j is refused', (onTransition) => {
    const make = () => new CircuitBreaker({ onTransition: onTransition as never });
    expect(make).toThrow(/^circuit breaker: onTransition must be a function; got /);
  });
});
