import type { ErrorClass } from '../model/ErrorClass.js';
import type { ErrorFacts } from './ErrorFacts.js';
import { read } from './read.js';

const BUGS: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  'TypeError',
  'ReferenceError',
  'RangeError',
  'AssertionError',
  'EvalError',
  'URIError',
]);

/**
 * How the fetch of Node, Chromium, Firefox, Safari, Deno and React Native words a failed connection: a bare TypeError, as the standard
 * asks.
 */
const NETWORK =
  /^(fetch failed|failed to fetch|terminated$|network ?(error|request failed|connection lost)|load failed|error sending request)/i;

/** An error of the language itself: a bug, which no retry mends, but for the TypeError of a fetch whose network failed. */
export function classOfBuiltIn({ error, name }: ErrorFacts): ErrorClass | undefined {
  if (!BUGS.has(name)) return undefined;
  const message = read(error, 'message');
  return name === 'TypeError' && typeof message === 'string' && NETWORK.test(message) ? 'TRANSIENT' : 'PERMANENT';
}

/** What the names of errors usually mean, first match wins. Anchored at the end where a word alone says little. */
const MEANINGS: readonly (readonly [RegExp, ErrorClass])[] = [
  [/throttl|ratelimit|toomanyrequests/i, 'RATE_LIMIT'],
  [/timed?out/i, 'TRANSIENT'],
  [/unauthori[sz]ed|authenticat|credential|autherror/i, 'AUTH'],
  [/forbidden|permission|accessdenied|authori[sz]ation/i, 'PERMISSION'],
  [/conflict|concurren|optimisticlock|deadlock/i, 'CONCURRENCY'],
  [/internalserver|serviceunavailable|badgateway/i, 'SERVER_ERROR'],
  [/(connection|network|socket)(closed|lost|reset|refused|aborted|terminated)?(error|exception)?$/i, 'TRANSIENT'],
  // undici, whose version 7 has lost llhttp's code
  [/^HTTPParserError$/, 'TRANSIENT'],
  [/validation|badrequest|invalid(argument|input|parameter|request)|notimplemented|unprocessable|zoderror/i, 'PERMANENT'],
  [/^(resource)?notfound/i, 'PERMANENT'],
];

/** The class that an error's name suggests; undefined when it suggests none. */
export function classOfName(name: string | undefined): ErrorClass | undefined {
  return name === undefined ? undefined : MEANINGS.find(([pattern]) => pattern.test(name))?.[1];
}
