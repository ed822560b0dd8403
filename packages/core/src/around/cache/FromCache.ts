import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import { ATTR_REDRESS_CACHE_AGE, ATTR_REDRESS_CACHE_COALESCED } from '../../telemetry/port/semconv.js';
import type { Answer } from '../Around.js';

/** A result that was kept. */
export class FromCache implements Answer {
  readonly kind = 'answer';

  private constructor(
    readonly value: unknown,
    readonly by: 'cache' | 'stale_cache',
    readonly event: 'cache_hit' | 'cache_stale',
    private readonly ageMs: number,
    private readonly isCoalesced: boolean,
  ) {}

  static fresh(value: unknown, ageMs: number): FromCache {
    return new FromCache(value, 'cache', 'cache_hit', ageMs, false);
  }

  /** Of a call that asked for the same, and has just got it. */
  static coalesced(value: unknown): FromCache {
    return new FromCache(value, 'cache', 'cache_hit', 0, true);
  }

  static stale(value: unknown, ageMs: number): FromCache {
    return new FromCache(value, 'stale_cache', 'cache_stale', ageMs, false);
  }

  /** Made when they are told, which most hits are not. */
  get facts(): EmittedAttributes {
    const age = { [ATTR_REDRESS_CACHE_AGE]: Math.round(this.ageMs) / 1_000 };
    return this.isCoalesced ? { ...age, [ATTR_REDRESS_CACHE_COALESCED]: true } : age;
  }
}
