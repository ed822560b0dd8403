import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until something is there; throws when it is not in time. */
export async function eventually<T>(what: string, withinMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(100);
  }
  throw new Error(`${what} did not come within ${withinMs} ms`);
}
