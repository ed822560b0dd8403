import { seededRandom } from '@redress/core/testing';
import { CircuitBreakerEngine } from '../../packages/core/src/gates/breaker/CircuitBreakerEngine.js';
import { ResolvedBreaker } from '../../packages/core/src/gates/breaker/options.js';

/**
 * How often a circuit with the defaults opens while one call in a hundred fails: its engine alone, which is all that decides, so that ten
 * million calls take a second.
 */
export function openingsInNoise(calls: number, callsPerS: number, seed: number): number {
  const chance = seededRandom(seed);
  const settings = new ResolvedBreaker('noise', {}).settings({ timeoutMs: 30_000, attemptTimeoutMs: 10_000 });
  const engine = new CircuitBreakerEngine(settings, 0, chance);
  let opened = 0;
  for (let call = 1; call <= calls; call += 1) {
    const nowMs = (call * 1_000) / callsPerS;
    const lease = engine.enter(nowMs);
    if (lease.kind === 'refusal') continue;
    const end = chance() < 0.01 ? engine.fail(lease, nowMs, 5, 'SERVER_ERROR', undefined) : engine.succeed(lease, nowMs, 20);
    if (end?.to === 'open') opened += 1;
  }
  return opened;
}
