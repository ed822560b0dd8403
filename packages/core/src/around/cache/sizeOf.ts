import { atLeastZero } from '../../model/rules.js';
import { isStrayPromise } from '../../model/strayPromise.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import type { ResolvedCache } from './options.js';

/** What the user says is the size of a result, guarded; undefined where that is no size, and the result cannot be kept. */
export function sizeOf(options: ResolvedCache, value: unknown, key: string): number | undefined {
  const { sizeOf } = options;
  if (sizeOf === undefined) return 0;
  try {
    const size: unknown = sizeOf(value, key);
    if (atLeastZero.holds(size)) return size as number;
    isStrayPromise(size);
    telemetry().warn(
      `the sizeOf of a cache must give ${atLeastZero.must}; got ${typeof size === 'number' ? size : typeof size}; the result is not kept`,
    );
  } catch (error) {
    telemetry().warn('the sizeOf of a cache threw; the result is not kept', error);
  }
  return undefined;
}
