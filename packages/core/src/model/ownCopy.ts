import { anObject, isPlain, isSomethingElse, wrong } from './rules.js';

/** Options are never nested deeper. */
const MOST_LEVELS = 4;

/**
 * A copy of options that nobody else holds, with what they have of their class: each read once. Objects and lists in them are copied too;
 * what has a class of its own is one thing, and stays itself. Throws a TypeError for what is no object of options, and for what cannot be
 * read. `option`: what they are the value of.
 */
export function ownCopy<T extends object>(where: string, options: T, option = 'options', levels = MOST_LEVELS): T {
  if (!anObject.holds(options)) throw wrong(where, option, anObject.must, options);
  const names = namesOf(where, options, option);
  if (names === undefined) throw wrong(where, option, anObject.must, options);
  const copy = Object.create(null) as T;
  const prefix = option === 'options' ? '' : `${option}.`;
  for (const name of names) Reflect.set(copy, name, copied(where, prefix + name, options, name, levels));
  return copy;
}

/** Undefined for a list, a map or a promise, which have no options. */
function namesOf(where: string, options: object, option: string): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  try {
    if (!isPlain(options) && isSomethingElse(options)) return undefined;
    let holder: object | null = options;
    do {
      for (const [name, { enumerable, get }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
        if (enumerable === true || (get !== undefined && holder !== options)) names.add(name);
      }
      holder = isPlain(holder) ? null : (Object.getPrototypeOf(holder) as object | null);
    } while (holder !== null);
  } catch (cause) {
    throw new TypeError(`${where}: ${option} must be ${anObject.must}; got what cannot be read`, { cause });
  }
  return names;
}

function copied(where: string, shown: string, options: object, option: string, levels: number): unknown {
  let value: unknown;
  try {
    value = Reflect.get(options, option);
    if (Array.isArray(value)) return [...(value as unknown[])];
    if (levels === 1 || typeof value !== 'object' || value === null || !isPlain(value)) return value;
  } catch (cause) {
    throw new TypeError(`${where}: ${shown} cannot be read`, { cause });
  }
  return ownCopy(where, value, shown, levels - 1);
}
