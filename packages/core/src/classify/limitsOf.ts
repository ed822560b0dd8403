import { headersOf, type Headers } from './headersOf.js';
import { parseReset } from './parseReset.js';
import { epochMsOfDate, parseRetryAfter } from './parseRetryAfter.js';
import { read } from './read.js';

/** What a failure or its response says of trying again. */
export interface Limits {
  /** Milliseconds it asks to wait, said as such. */
  readonly retryAfterMs: number | undefined;
  /** Milliseconds until its used-up limits are filled again. */
  readonly resetMs: number | undefined;
  /** Whether one of its limits is used up. */
  readonly usedUp: boolean;
  /** `x-should-retry`. */
  readonly retryable: boolean | undefined;
}

const NONE: Limits = { retryAfterMs: undefined, resetMs: undefined, usedUp: false, retryable: undefined };

/**
 * What the headers of an error or a response ask for, on itself or on its response, as fetch, axios, got and the SDKs carry them: the first
 * that says something; else an SDK's own `retryAfter`, which is seconds. Never throws.
 */
export function limitsOf(failure: unknown, nowEpochMs: number = Date.now()): Limits {
  let limits = NONE;
  for (const owner of [failure, read(failure, 'response'), read(failure, '$response')]) {
    const headers = headersOf(owner);
    if (headers === undefined) continue;
    limits = ofHeaders(headers, nowEpochMs);
    if (limits.retryAfterMs !== undefined) return limits;
  }
  const seconds = read(failure, 'retryAfter');
  // discord.js has milliseconds there, and timeToReset beside it.
  const inMs = typeof read(failure, 'timeToReset') === 'number' ? 1 : 1_000;
  return typeof seconds === 'number' && seconds >= 0 && Number.isFinite(seconds)
    ? { ...limits, retryAfterMs: Math.round(seconds * inMs) }
    : limits;
}

/** What several SDKs take for the exact value of a Retry-After that was rounded to seconds; Azure, OpenAI, AWS. */
const IN_MS = ['retry-after-ms', 'x-ms-retry-after-ms', 'x-amz-retry-after'];

function ofHeaders(headers: Headers, nowEpochMs: number): Limits {
  // A date is by the server's clock, and so is the header Date beside it.
  const serverMs =
    headers
      .valuesOf('date')
      .map((value) => epochMsOfDate(value, nowEpochMs))
      .find(Number.isFinite) ?? nowEpochMs;
  const inMs = IN_MS.flatMap((name) => listed(headers.valuesOf(name))).map(milliseconds);
  const inSeconds = listed(headers.valuesOf('retry-after')).map((value) => parseRetryAfter(value, serverMs));
  const should = headers.valuesOf('x-should-retry')[0];
  return {
    retryAfterMs: exactOf(largest(inMs), largest(inSeconds)),
    ...resetsOf(headers, serverMs),
    retryable: should === 'true' ? true : should === 'false' ? false : undefined,
  };
}

/** The exact one where it is the same wait, not rounded; where they do not agree, the longer. */
function exactOf(inMs: number | undefined, inSeconds: number | undefined): number | undefined {
  if (inMs === undefined || inSeconds === undefined) return inMs ?? inSeconds;
  return Math.abs(inSeconds - inMs) < 1_000 ? inMs : Math.max(inMs, inSeconds);
}

/** Each value of a header that came several times; fetch joins them with commas, which dates hold too. */
function listed(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value) =>
    typeof value === 'string' ? (value.match(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,[^,]*|[^,]+/g) ?? []) : [value],
  );
}

function milliseconds(value: unknown): number | undefined {
  return /^\s*\d+(\.\d+)?\s*$/.test(String(typeof value === 'number' ? value : typeof value === 'string' ? value : ''))
    ? Math.round(Number(value))
    : undefined;
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** `RateLimit-Reset`, `X-RateLimit-Reset-Requests`, `x-rate-limit-reset`, `anthropic-ratelimit-tokens-reset` … */
const RESET = /^(?:x-|anthropic-)?rate-?limit-(?:[a-z-]+-)?reset(?:-[a-z-]+)?$/;
const REMAINING = /^(?:x-|anthropic-)?rate-?limit-(?:[a-z-]+-)?remaining(?:-[a-z-]+)?$/;

/** `RateLimit: "default";r=0;t=30`, and as it was before `limit=10, remaining=0, reset=30` (draft-ietf-httpapi-ratelimit-headers, 10 and 06). */
const COMBINED = /^(?:x-)?ratelimit$/;
const LEFT = /\b(?:r|remaining)=(\d+)/;
const UNTIL = /\b(?:t|reset)=(\d+)/;

/** Names to ask for where no list of names can be had. */
const NAMES = [
  'ratelimit',
  ...['', '-requests', '-tokens', '-after'].flatMap((limit) =>
    ['ratelimit-', 'x-ratelimit-', 'x-rate-limit-'].flatMap((prefix) => [`${prefix}reset${limit}`, `${prefix}remaining${limit}`]),
  ),
];

/** The later of the resets of limits with nothing left, or of which is not said what is left: GitHub sends them with every answer. */
function resetsOf(headers: Headers, nowEpochMs: number): Pick<Limits, 'resetMs' | 'usedUp'> {
  let resetMs: number | undefined;
  let usedUp = false;
  const known = [...headers.names];
  for (const name of known.length > 0 ? known : NAMES) {
    if (COMBINED.test(name)) {
      for (const limit of headers.valuesOf(name).flatMap((value) => (typeof value === 'string' ? value.split(/,(?=\s*")/) : []))) {
        if (Number(LEFT.exec(limit)?.[1] ?? Number.NaN) !== 0) continue;
        usedUp = true;
        resetMs = largest([resetMs, parseReset(UNTIL.exec(limit)?.[1], nowEpochMs)]);
      }
    } else if (REMAINING.test(name)) usedUp ||= leftOf(headers.valuesOf(name)) === 0;
    else if (RESET.test(name)) {
      const left = leftOf(headers.valuesOf(name.replace('reset', 'remaining').replace(/-after$/, '')));
      if (Number.isNaN(left) || left === 0) {
        resetMs = largest([resetMs, ...listed(headers.valuesOf(name)).map((value) => parseReset(value, nowEpochMs))]);
      }
    }
  }
  return { resetMs, usedUp };
}

/** What is left at the least, of a header that may have come several times; NaN without one. */
function leftOf(values: readonly unknown[]): number {
  const known = listed(values)
    .filter((value) => typeof value === 'number' || (typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value)))
    .map(Number);
  return known.length === 0 ? Number.NaN : Math.min(...known);
}
