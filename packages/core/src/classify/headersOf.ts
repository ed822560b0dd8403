import { read } from './read.js';

/** A header by its name in lower case, each of its values once; empty without it. */
export interface Headers {
  valuesOf(name: string): readonly unknown[];
  /** All names that are known, in lower case; of what can only be asked by name, none. */
  readonly names: Iterable<string>;
}

/**
 * Headers in whatever holds them: Headers, Map, plain object in any case, list of pairs, Node's flat list of names and values, or what has
 * only `get`. Undefined without any. Never throws.
 */
export function headersOf(owner: unknown): Headers | undefined {
  try {
    return readHeaders(owner);
  } catch {
    return undefined; // headers that throw are no headers
  }
}

function readHeaders(owner: unknown): Headers | undefined {
  const headers = read(owner, 'headers');
  if (typeof headers !== 'object' || headers === null) return undefined;
  const entries = entriesOf(headers);
  if (entries === undefined) return askedByName(headers);
  const found = new Map<string, unknown[]>();
  for (const [name, value] of entries) {
    const key = textOf(name)?.toLowerCase();
    if (key === undefined) continue;
    const values = found.get(key) ?? [];
    found.set(key, values);
    values.push(...(Array.isArray(value) ? value.slice(0, MOST_VALUES) : [value]));
  }
  return { valuesOf: (name) => found.get(name) ?? [], names: found.keys() };
}

/** More headers, or values of one, than any server takes. */
const MOST_VALUES = 1_000;

type Entry = readonly [unknown, unknown];

/** The pairs in it; undefined when it can only be asked by name. */
function entriesOf(headers: object): readonly Entry[] | undefined {
  if (Array.isArray(headers)) return pairsOf(headers.slice(0, 2 * MOST_VALUES));
  const { entries, get } = headers as { readonly entries?: unknown; readonly get?: unknown };
  if (typeof entries === 'function') return taken(entries.call(headers) as Iterable<unknown>);
  return typeof get === 'function' ? undefined : Object.entries(headers);
}

function taken(entries: Iterable<unknown>): Entry[] {
  const found: Entry[] = [];
  let seen = 0;
  for (const entry of entries) {
    if (Array.isArray(entry)) found.push([entry[0], entry[1]]);
    if (++seen === MOST_VALUES) break;
  }
  return found;
}

function pairsOf(list: readonly unknown[]): Entry[] {
  const found: Entry[] = [];
  if (list.some(Array.isArray)) {
    for (const item of list) if (Array.isArray(item)) found.push([item[0], item[1]]);
  } else {
    for (let index = 0; index + 1 < list.length; index += 2) found.push([list[index], list[index + 1]]);
  }
  return found;
}

function askedByName(headers: object): Headers {
  return {
    valuesOf: (name) => {
      try {
        const value = (headers as Pick<globalThis.Headers, 'get'>).get(name) as unknown;
        return value === null || value === undefined ? [] : Array.isArray(value) ? value.slice(0, MOST_VALUES) : [value];
      } catch {
        return [];
      }
    },
    names: [],
  };
}

/** A name as it was sent: a text, or the bytes of undici's raw lists. */
function textOf(name: unknown): string | undefined {
  if (typeof name === 'string') return name;
  return name instanceof Uint8Array ? String.fromCharCode(...name.subarray(0, 200)) : undefined;
}
