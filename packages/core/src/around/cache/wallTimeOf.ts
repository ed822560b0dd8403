import type { Clock } from '../../model/Clock.js';
import { timersOf } from '../../timers/timersOf.js';

/**
 * Milliseconds since 1970, which processes have in common. For a policy with a clock of its own the time goes on by that, from what it
 * was when this was asked: whoever moves the clock by hand moves this too.
 */
export function wallTimeOf(clock: Clock | undefined): () => number {
  if (clock === undefined) return () => Date.now();
  const timers = timersOf(clock);
  const offsetMs = Date.now() - timers.now();
  return () => timers.now() + offsetMs;
}
