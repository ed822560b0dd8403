import type { AroundPart } from '../around/AroundPart.js';
import { AROUND } from '../around/list.js';
import type { GateHandle, GatePart } from '../gates/GatePart.js';
import { GATES } from '../gates/list.js';
import { wrong } from '../model/rules.js';
import type { Stage } from './Stage.js';

/** Every stage there is. */
export const STAGES: readonly string[] = [...AROUND.map(({ option }) => option), 'retry', ...GATES.map(({ option }) => option)];

type Scope = 'attempt' | 'call';

/** Around each attempt, or around the call, by a policy's order; undefined where that does not say. */
export function scopeIn(order: readonly Stage[] | undefined, option: string): Scope | undefined {
  const [place, retry] = [placeIn(order, option), placeIn(order, 'retry')];
  if (place === undefined || retry === undefined) return undefined;
  return place < retry ? 'call' : 'attempt';
}

/** Things in a policy's order, the outermost first; without one as they are. */
export function inOrderOf<T>(order: readonly Stage[] | undefined, all: readonly T[], optionOf: (one: T) => string): readonly T[] {
  if (order === undefined) return all;
  const placeOf = (one: T): number => placeIn(order, optionOf(one)) ?? all.length;
  return all.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** A policy's options, as far as its order goes by them. */
interface Ordered {
  readonly order?: readonly Stage[] | undefined;
  readonly retry?: object | false | undefined;
}

/** A gate of the policy. */
interface OrderedGate {
  readonly part: GatePart;
  readonly handle: GateHandle;
}

/** Refuses an order that makes no sense, with the reason. */
export function checkOrder(where: string, { order, retry }: Ordered, gates: readonly OrderedGate[], around: readonly AroundPart[]): void {
  if (order === undefined) return;
  const twice = order.find((stage, index) => order.indexOf(stage) < index);
  if (twice !== undefined) throw refused(where, order, `one that names each stage once: ${twice} stands there twice`);
  const there = [...around.map(({ option }) => option), ...gates.map(({ part }) => part.option), ...(retry === false ? [] : ['retry'])];
  const missing = there.find((option) => placeIn(order, option) === undefined);
  if (missing !== undefined) throw refused(where, order, `one that names ${missing} too, which the policy has`);
  for (const part of around) checkOutside(where, order, part);
  for (const { part, handle } of gates) {
    const [own, asked] = [part.scopeOf?.(handle), scopeIn(order, part.option)];
    if (own !== undefined && asked !== undefined && own !== asked)
      throw refused(where, order, `one that has ${part.option} ${asked === 'call' ? 'after' : 'before'} retry: its scope is '${own}'`);
  }
  checkProbes(where, order, gates);
}

/** What answers in the place of a function stands outside of all that stands around it. */
function checkOutside(where: string, order: readonly Stage[], part: AroundPart): void {
  const place = placeIn(order, part.option) ?? 0;
  const later = AROUND.slice(AROUND.findIndex(({ option }) => option === part.option) + 1).map(({ option }) => option);
  const outer = order.slice(0, place).find((stage) => later.includes(stage) || !AROUND.some(({ option }) => option === stage));
  if (outer !== undefined) throw refused(where, order, `one that has ${part.option} before ${outer}: ${part.outside}`);
}

/** What may wait in a queue stands outside of what lends a probe's place: that would be held by a call that does not run. */
function checkProbes(where: string, order: readonly Stage[], gates: readonly OrderedGate[]): void {
  const sorted = inOrderOf(order, gates, ({ part }) => part.option);
  for (const [index, { part }] of sorted.entries()) {
    if (part.lendsProbes !== true) continue;
    const scope = scopeIn(order, part.option);
    const waits = sorted.slice(index + 1).find((inner) => scopeIn(order, inner.part.option) === scope && inner.part.waits?.(inner.handle));
    if (waits !== undefined)
      throw refused(
        where,
        order,
        `one that has ${waits.part.option} before ${part.option}: a probe's place would be held by a call that waits in a queue`,
      );
  }
}

function placeIn(order: readonly string[] | undefined, option: string): number | undefined {
  const place = order?.indexOf(option) ?? -1;
  return place < 0 ? undefined : place;
}

function refused(where: string, order: readonly Stage[], must: string): TypeError {
  return wrong(where, 'order', must, order);
}
