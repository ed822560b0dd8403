import type { Gate } from '../gates/Gate.js';
import type { GateHandle, GateInUse, GateOwner, GatePart } from '../gates/GatePart.js';
import { inOrder } from '../gates/inOrder.js';
import { GATES } from '../gates/list.js';
import type { Clock } from '../model/Clock.js';
import { isDeepEqual } from './isDeepEqual.js';
import { inOrderOf, scopeIn } from './order.js';
import type { Stage } from './Stage.js';
import type { PolicyOptions } from './PolicyOptions.js';

/** One gate of a policy. */
export interface PolicyGate {
  readonly part: GatePart;
  readonly handle: GateHandle;
  /** The option as it was given: the options it was made from, or an instance. */
  readonly given: object;
  /** Where the policy's order put it as it was made. */
  readonly scope: GateInUse['scope'] | undefined;
  /** Whether it goes when the policy does: one that the policy made. One that was handed to it lives on. */
  readonly isOwn: boolean;
}

/**
 * The gates that a policy's options ask for. Of `previous`, those it had, each is kept, with all it knows, where its options did not
 * change. Throws a TypeError for a wrong option.
 */
export function makeGates(where: string, options: PolicyOptions<unknown>, previous: readonly PolicyGate[]): PolicyGate[] {
  return GATES.flatMap((part): PolicyGate[] => {
    const given: unknown = Reflect.get(options, part.option);
    if (typeof given !== 'object' || given === null) return [];
    if (part.isInstance(given)) return [{ part, handle: given, given, scope: undefined, isOwn: false }];
    const before = previous.find((gate) => gate.part === part && gate.isOwn);
    const scope = scopeIn(options.order, part.option);
    if (before !== undefined && before.scope === scope && isDeepEqual(given, before.given)) return [before];
    return [{ part, handle: part.make(`${where}, ${part.option}`, given, scope), given, scope, isOwn: true }];
  });
}

/** Refuses a gate that policies of another clock use, those of `leaving` aside: one instance has one time. */
export function checkClocks(where: string, gates: readonly PolicyGate[], clock: Clock | undefined, leaving: readonly PolicyGate[]): void {
  for (const { part, handle } of gates) {
    const leave = leaving.some((gate) => gate.handle === handle) ? 1 : 0;
    if (part.isHeldTo?.(handle, clock, leave) === true) throw otherClock(where, part.option);
  }
}

/** What is wrong with an instance that two clocks would share. */
export function otherClock(where: string, option: string): TypeError {
  return new TypeError(`${where}: ${option} must not be an instance that policies of another clock use: it has one clock`);
}

/** A gate in use, with what it is. */
export interface UsedGate extends GateInUse {
  readonly part: GatePart;
}

/** Takes gates into use, the outermost first. */
export function useGates(gates: readonly PolicyGate[], order: readonly Stage[] | undefined, owner: GateOwner): UsedGate[] {
  return inOrderOf(order, gates, ({ part }) => part.option).map(({ part, handle, given }) => {
    const inUse = part.use(handle, owner, given);
    return { ...inUse, part, scope: scopeIn(order, part.option) ?? inUse.scope };
  });
}

/** The gates of one scope as one. */
export function gateOf(inUse: readonly GateInUse[], scope: GateInUse['scope']): Gate | undefined {
  return inOrder(inUse.filter((each) => each.scope === scope).map(({ gate }) => gate));
}

/** What the user holds of the gate of an option. */
export function handleOf(gates: readonly PolicyGate[], option: string): GateHandle | undefined {
  return gates.find(({ part }) => part.option === option)?.handle;
}
