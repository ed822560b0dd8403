/** What every copy of core in a process shares: two of them (ESM and CJS) must not emit the same counters twice. */
const KEY = Symbol.for('redress.v2');

/** Where the copies of 0.1 keep theirs, which are of another shape. */
const OLDER = Symbol.for('redress.v1');

/** Slots in use: `telemetry` is the hub, `registry` the default registry of policies, `outcomes` those of rejected calls. */
export type ProcessSlot = 'telemetry' | 'registry' | 'outcomes';

type Slots = { [Slot in ProcessSlot]?: object };
type Host = typeof globalThis & { [KEY]?: Slots; readonly [OLDER]?: object };

/**
 * What is in a slot; made by the first copy of core to ask. Copies of one key agree on the shape of what is in there; a method that came
 * later is asked with care, as the copy that made it may be an older one.
 */
export function processSlot<T extends object>(slot: ProcessSlot, make: () => T): T {
  const host: Host = globalThis;
  const slots = (host[KEY] ??= {});
  const value = (slots[slot] ??= make());
  return value as T;
}

/** Whether a copy of core that shares nothing with this one has been at work in this process. */
export function hasOlderCopy(): boolean {
  const host: Host = globalThis;
  return host[OLDER] !== undefined;
}
