import type { AroundPart } from '../../around/AroundPart.js';
import { AROUND } from '../../around/list.js';
import { EachKey } from '../../gates/EachKey.js';
import type { GateHandle, GateInUse, GateOwner, GatePart, GatesOfKeys, KeysOwner } from '../../gates/GatePart.js';
import { GATES } from '../../gates/list.js';
import type { Clock } from '../../model/Clock.js';
import { wrong } from '../../model/rules.js';
import type { Budget } from '../../retry/budget/Budget.js';
import { budgetsOf, readBudget, type RetryBudgetOptions } from '../../retry/budget/options.js';
import { isRetryBudget } from '../../retry/budget/RetryBudget.js';
import { retriedClasses } from '../../retry/decideRetry.js';
import { SharedTime } from '../../timers/SharedTime.js';
import { TimeReader } from '../../timers/TimeReader.js';
import { checkClocks, type PolicyGate } from '../gates.js';
import { isDeepEqual } from '../isDeepEqual.js';
import { readPolicyOptions } from '../options.js';
import type { PolicyOptions } from '../PolicyOptions.js';
import { checkOrder, inOrderOf, scopeIn } from '../order.js';
import { makeParts, type PolicyParts } from '../PolicyParts.js';

/** One gate of a keyed policy: one for each key, or an instance for all of them. */
export interface KeyedGate {
  readonly part: GatePart;
  readonly given: object;
  /** Where the policy's order puts it, when that says so. */
  readonly scope: GateInUse['scope'] | undefined;
  /** Each key's. */
  readonly each: GatesOfKeys | undefined;
  /** That of all keys. */
  readonly one: { readonly handle: GateHandle; readonly inUse: GateInUse } | undefined;
}

/** A keyed policy taken apart: what all keys share, and what each has of its own is made of. */
export interface KeyedParts {
  /** As they were given. */
  readonly options: PolicyOptions<unknown>;
  /** All but the gates and the budget. */
  readonly shared: PolicyParts;
  /** The outermost first. */
  readonly gates: readonly KeyedGate[];
  /** Of these gates, those that each key has of its own. */
  readonly each: readonly GatesOfKeys[];
  /** What each key's budget is made of; undefined where it has none of its own. */
  readonly budget: RetryBudgetOptions | undefined;
  readonly makeBudget: (() => Budget) | undefined;
  /** The time of all that keys have. */
  readonly time: SharedTime;
  readonly reader: TimeReader;
}

/**
 * Makes the parts of a keyed policy: its options are resolved once, for all keys. Of `previous`, the parts it had, gates and budgets are kept
 * where their options did not change. Nothing is made, and nothing touched, when an option is wrong: it throws a TypeError.
 */
export function makeKeyedParts(name: string, given: PolicyOptions<unknown>, previous?: KeyedParts): KeyedParts {
  const where = `policy ${name}`;
  const options = readPolicyOptions(where, given);
  const gates = gatesOf(options);
  checkOrder(
    where,
    options,
    gates.map((gate) => ({ part: gate.part, handle: tried(where, gate) })),
    aroundOf(options),
  );
  checkClocks(
    where,
    gates.filter(isOne).map(asPolicyGate),
    options.clock,
    (previous?.gates ?? []).filter(({ one }) => one).map(asPolicyGate),
  );
  const budget = budgetOptions(where, options, previous);
  const shared = makeParts(name, sharedOptions(options, budget), previous?.shared);
  const { telemetry, clock, random, retry } = shared.plan;
  if (budget !== undefined) telemetry.budget(retriedClasses(retry));
  const time = previous?.time ?? new SharedTime();
  if (previous === undefined) time.startBy(clock);
  const reader = previous !== undefined && previous.shared.plan.clock === clock ? previous.reader : readerOf(time, clock);
  const owner = { policy: name, telemetry, clock, random, timeouts: shared.plan, time, reader };
  const made = gates.map((gate) => keyedGate(where, gate, owner, previous));
  const each = made.flatMap((gate) => gate.each ?? []);
  return { options, shared, gates: made, each, budget, makeBudget: budget && budgetsOf(budget), time, reader };
}

/** One gate, or one for each key; of `previous` where its options did not change. */
function keyedGate(where: string, { part, given, scope }: GivenGate, owner: KeysOwner, previous: KeyedParts | undefined): KeyedGate {
  if (part.isInstance(given)) return { part, given, scope, each: undefined, one: useOne(part, given, owner) };
  const before = previous?.gates.find((gate) => gate.part === part && gate.each !== undefined);
  if (before !== undefined && before.scope === scope && isDeepEqual(before.given, given)) {
    before.each?.update?.(owner);
    return before;
  }
  const named = `${where}, ${part.option}`;
  const each = part.forKeys?.(named, given, owner, scope) ?? new EachKey(part, named, given, owner, scope);
  return { part, given, scope, each, one: undefined };
}

/** Gates and budgets of `parts` that `next` does not go on with are in use no more. */
export function releaseKeyedParts(parts: KeyedParts, next: KeyedParts | undefined): void {
  parts.shared.release();
  for (const gate of parts.gates) {
    if (next?.gates.includes(gate) === true) continue;
    gate.one?.inUse.release?.();
    gate.each?.dispose?.();
  }
}

function readerOf(time: SharedTime, clock: Clock | undefined): TimeReader {
  const reader = new TimeReader(time);
  time.join(reader, clock);
  return reader;
}

interface GivenGate {
  readonly part: GatePart;
  readonly given: object;
  readonly scope: GateInUse['scope'] | undefined;
}

/** The outermost first. */
function gatesOf(options: PolicyOptions<unknown>): GivenGate[] {
  return inOrderOf(options.order, GATES, ({ option }) => option).flatMap((part) => {
    const given: unknown = Reflect.get(options, part.option);
    return typeof given === 'object' && given !== null ? [{ part, given, scope: scopeIn(options.order, part.option) }] : [];
  });
}

function isOne({ part, given }: GivenGate): boolean {
  return part.isInstance(given);
}

function asPolicyGate({ part, given, scope }: GivenGate): PolicyGate {
  return { part, handle: given, given, scope, isOwn: false };
}

/** What is wrong with its options is told now, and not to the first key. */
function tried(where: string, { part, given, scope }: GivenGate): GateHandle {
  if (!part.isInstance(given)) return part.make(`${where}, ${part.option}`, given, scope);
  if (part.notForAllKeys !== undefined) throw wrong(where, part.option, part.notForAllKeys, given);
  return given;
}

function aroundOf(options: PolicyOptions<unknown>): AroundPart[] {
  return AROUND.filter(({ option }) => typeof Reflect.get(options, option) === 'object');
}

function useOne(part: GatePart, handle: GateHandle & object, owner: GateOwner): KeyedGate['one'] {
  return { handle, inUse: part.use(handle, owner, handle) };
}

function budgetOptions(where: string, options: PolicyOptions<unknown>, previous: KeyedParts | undefined): RetryBudgetOptions | undefined {
  if (options.retry === false) return undefined;
  const given = options.retry?.budget;
  if (given === false || isRetryBudget(given)) return undefined;
  const read = readBudget(`${where}, retry.budget`, given ?? {});
  return isDeepEqual(read, previous?.budget) ? previous?.budget : read;
}

/** Without what each key has of its own. */
function sharedOptions(options: PolicyOptions<unknown>, budget: RetryBudgetOptions | undefined): PolicyOptions<unknown> {
  const none = Object.fromEntries(GATES.map(({ option }) => [option, undefined]));
  const retry = budget === undefined || options.retry === false ? options.retry : { ...options.retry, budget: false as const };
  return { ...options, ...none, retry };
}
