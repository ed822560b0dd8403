import {
  aFunction,
  anObject,
  check,
  errorClasses,
  hold,
  isPlain,
  listOf,
  milliseconds,
  oneOf,
  wrong,
  type Rule,
  type Rules,
} from '../../model/rules.js';
import { StopReason } from '../../model/StopReason.js';
import { serveAlternates } from './alternates.js';
import type { FailedEnd } from './FailedCall.js';
import type { Alternate, FallbackFor } from './options.js';
import { type Serve, serveRun, serveValue } from './serve.js';

/** What a call ends in that no fallback answers for. */
const NEVER: ReadonlySet<string> = /* @__PURE__ */ new Set(['ABORTED', 'SCHEDULED', 'FALLBACK_FAILED']);
const reasons: readonly string[] = /* @__PURE__ */ [...errorClasses, ...Object.values(StopReason).filter((reason) => !NEVER.has(reason))];

const anything: Rule = { must: 'anything', holds: () => true };
const aPolicy: Rule = {
  must: 'a policy',
  holds: (value) =>
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'settle') === 'function' &&
    typeof Reflect.get(value, 'name') === 'string',
};
const aList: Rule = { must: 'a list that is not empty', holds: (value) => Array.isArray(value) && value.length > 0 };
const rules: Rules = {
  value: anything,
  run: aFunction,
  alternates: aList,
  on: /* @__PURE__ */ listOf(/* @__PURE__ */ oneOf(reasons)),
  timeoutMs: milliseconds,
};
const alternateRules: Rules = { policy: aPolicy, run: aFunction };

/** What a fallback must be. */
export const aFallback: Rule = {
  must: `${anObject.must}, or a list of them that is not empty`,
  holds: (value) => (Array.isArray(value) ? aList : anObject).holds(value),
};

/** A fallback as it was given, as far as it is read. */
interface Given {
  readonly value?: unknown;
  readonly run?: (failed: FallbackFor) => unknown;
  readonly alternates?: readonly Alternate[];
  readonly on?: readonly string[];
  readonly timeoutMs?: number;
}

/** One fallback. What it serves with stands in a function: a value of the user's is itself, and is never looked into. */
interface Clause {
  readonly on: readonly string[] | undefined;
  readonly serve: Serve;
}

/** A fallback's options, checked, each read once, with the defaults filled in. */
export class ResolvedFallback {
  readonly clauses: readonly Clause[];

  /** Throws a TypeError that names the option, the value and the rule. */
  constructor(where: string, given: object) {
    const list = Array.isArray(given) ? itemsOf(where, 'fallback', given) : undefined;
    this.clauses = list?.map((one, index) => clauseOf(`${where}[${index}]`, one)) ?? [clauseOf(where, given)];
  }

  /** Those that are for a call that ended so, the first to be asked first. */
  for({ stopReason, failure }: FailedEnd): readonly Clause[] {
    const errorClass = failure?.errorClass;
    return this.clauses.filter(
      ({ on }) => on === undefined || on.includes(stopReason) || (errorClass !== undefined && on.includes(errorClass)),
    );
  }
}

function clauseOf(where: string, given: unknown): Clause {
  const read = check<Given>(where, given as Given, rules);
  const { run, alternates, on } = read;
  const ways = [hasValue(given, read), run !== undefined, alternates !== undefined];
  if (ways.filter((has) => has).length !== 1) throw wrong(where, 'fallback', 'one of { value }, { run } and { alternates }', given);
  return { on: on && [...on], serve: serveOf(where, read) };
}

function serveOf(where: string, { value, run, alternates, timeoutMs }: Given): Serve {
  if (run !== undefined) return serveRun(run, timeoutMs ?? 1_000);
  if (alternates === undefined) return serveValue(value, timeoutMs ?? 1_000);
  const own = itemsOf(where, 'alternates', alternates).map((one, index) => alternateOf(where, `alternates[${index}].`, one));
  return serveAlternates(own, timeoutMs);
}

/** A value may be undefined, as no other option may: then it is there all the same, unless another way is. */
function hasValue(given: unknown, { value, run, alternates }: Given): boolean {
  if (value !== undefined) return true;
  if (run !== undefined || alternates !== undefined) return false;
  return isPlain(given as object) ? Object.hasOwn(given as object, 'value') : 'value' in (given as object);
}

function alternateOf(where: string, prefix: string, given: unknown): Alternate {
  const { policy, run } = check<Partial<Alternate>>(where, given as Partial<Alternate>, alternateRules, prefix);
  hold(where, `${prefix}policy`, policy, aPolicy);
  hold(where, `${prefix}run`, run, aFunction);
  return { policy, run } as Alternate;
}

/** The items of a list as they are now. */
function itemsOf(where: string, option: string, list: readonly unknown[]): readonly unknown[] {
  try {
    return [...list];
  } catch (cause) {
    throw new TypeError(`${where}: ${option} cannot be read`, { cause });
  }
}
