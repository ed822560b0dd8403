import { isPlain } from '../model/rules.js';

/** Options are never nested deeper. */
const MOST_LEVELS = 4;

/**
 * A copy of options that nobody else holds, with what they have of their class: each read once. Objects and lists in them are copied too;
 * what has a class of its own is one thing, and stays itself. Throws a TypeError for what cannot be read.
 */
export function ownCopy<T extends object>(where: string, options: T, levels = MOST_LEVELS): T {
  const copy = Object.create(null) as T;
  let holder: object | null = options;
  do {
    for (const [option, { enumerable, get }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      const isOption = enumerable === true || (get !== undefined && holder !== options);
      if (isOption && !Object.hasOwn(copy, option)) Reflect.set(copy, option, copied(where, option, options, levels));
    }
    holder = isPlain(holder) ? null : (Object.getPrototypeOf(holder) as object | null);
  } while (holder !== null);
  return copy;
}

function copied(where: string, option: string, options: object, levels: number): unknown {
  let value: unknown;
  try {
    value = Reflect.get(options, option);
  } catch (cause) {
    throw new TypeError(`${where}: ${option} cannot be read`, { cause });
  }
  if (Array.isArray(value)) return [...(value as unknown[])];
  return levels > 1 && typeof value === 'object' && value !== null && isPlain(value) ? ownCopy(where, value, levels - 1) : value;
}
