/** What every copy of core in a process shares: two of them (ESM and CJS) must not emit the same counters twice. */
const KEY = Symbol.for('redress.v1');

/** Slots in use: `telemetry` is the hub, `registry` the default registry of policies. */
export type ProcessSlot = 'telemetry' | 'registry';

type Slots = { [Slot in ProcessSlot]?: object };
type Host = typeof globalThis & { [KEY]?: Slots };

/** What is in a slot; made by the first copy of core to ask. Copies of one major version agree on the type of what is in there. */
export function processSlot<T extends object>(slot: ProcessSlot, make: () => T): T {
  const host: Host = globalThis;
  const slots = (host[KEY] ??= {});
  const value = (slots[slot] ??= make());
  return value as T;
}
