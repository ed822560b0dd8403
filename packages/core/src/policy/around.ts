import type { Around } from '../around/Around.js';
import type { AroundOwner, AroundPart } from '../around/AroundPart.js';
import { AROUND } from '../around/list.js';
import { isDeepEqual } from './isDeepEqual.js';
import type { PolicyOptions } from './PolicyOptions.js';

/** One of what stands around a policy's calls. */
export interface PolicyAround {
  readonly part: AroundPart;
  /** The option as it was read; undefined for what is there for calls that ask for it. */
  readonly given: unknown;
  readonly around: Around;
}

/** What stands around the calls of a policy. Of `previous`, what it had, each hands on what it knows where its options did not change. */
export function makeAround(options: PolicyOptions<unknown>, owner: AroundOwner, previous: readonly PolicyAround[]): PolicyAround[] {
  return AROUND.flatMap((part): PolicyAround[] => {
    const value: unknown = Reflect.get(options, part.option);
    const given = value === false ? undefined : value;
    const before = previous.find((one) => one.part === part && isSame(given, one.given));
    const around = part.make(given, owner, before?.around);
    return around === undefined ? [] : [{ part, given, around }];
  });
}

/** What was read is an object of its part's own, whose options say what it is. */
function isSame(given: unknown, before: unknown): boolean {
  if (typeof given !== 'object' || typeof before !== 'object') return given === before;
  return isDeepEqual({ ...given }, { ...before });
}

/** What the user holds of the option. */
export function aroundHandleOf(all: readonly PolicyAround[], option: string): object | undefined {
  return all.find(({ part }) => part.option === option)?.around.handle;
}

/** What every call asks. Undefined for nothing. */
export function usualAround(all: readonly PolicyAround[]): readonly Around[] | undefined {
  const given = all.filter((one) => one.given !== undefined);
  return given.length === 0 ? undefined : given.map(({ around }) => around);
}
