import { defaultClassifier } from './defaultClassifier.js';
import { limitsOf } from './limitsOf.js';
import { parseReset } from './parseReset.js';
import { HttpResponseError } from '../model/errors/index.js';

const now = Date.UTC(2026, 0, 31, 12, 0, 0);
const at = (ms: number) => new Date(now + ms).toUTCString();
const asked = (headers: object) => limitsOf({ headers }, now).retryAfterMs;
const classOf = (status: number, headers: object) => {
  const shapes = [
    { status, headers: new Headers(headers as Record<string, string>) },
    { status, headers },
    { response: { status, headers: Object.entries(headers) } },
    { statusCode: status, headers: Object.entries(headers).flat() },
    { status, headers: new Map(Object.entries(headers)) },
    new HttpResponseError({ status, headers: headers as Record<string, string> }),
  ];
  const found = shapes.map((shape) => defaultClassifier(shape));
  for (const other of found) expect(other).toEqual(found[0]);
  return found[0];
};

describe('limitsOf', () => {
  it.each([
    { header: '"default";r=0;t=30', then: { errorClass: 'RATE_LIMIT', retryAfterMs: 30_000 } },
    { header: '"burst";r=5;t=1, "daily";r=0;t=3600', then: { errorClass: 'RATE_LIMIT', retryAfterMs: 3_600_000 } },
    { header: 'limit=100, remaining=0, reset=30', then: { errorClass: 'RATE_LIMIT', retryAfterMs: 30_000 } },
    { header: '"default";r=7;t=30', then: { errorClass: 'RATE_LIMIT' } },
    { header: 'nonsense', then: { errorClass: 'RATE_LIMIT' } },
  ])('[classify.rate-limit-reset] RateLimit: $header', ({ header, then }) => {
    expect(classOf(429, { RateLimit: header })).toEqual(then);
  });

  it.each([
    { given: 'two that fetch joined', headers: { 'retry-after': '30, 120' }, then: 120_000 },
    { given: 'two without a blank', headers: { 'Retry-After': '120,30' }, then: 120_000 },
    { given: 'a list', headers: { 'retry-after': ['30', '120'] }, then: 120_000 },
    { given: 'one that is malformed', headers: { 'retry-after': 'soon, 30' }, then: 30_000 },
    { given: 'a date and seconds', headers: { 'retry-after': `${at(60_000)}, 30` }, then: 60_000 },
    { given: 'seconds and a date', headers: { 'retry-after': `90, ${at(60_000)}` }, then: 90_000 },
    { given: 'none', headers: { 'retry-after': ', ' }, then: undefined },
  ])('[classify.retry-after-list] $given', ({ headers, then }) => {
    expect(asked(headers)).toBe(then);
  });

  it.each([
    { headers: { 'retry-after-ms': '1500' }, then: 1_500 },
    { headers: { 'X-MS-Retry-After-Ms': 1_500 }, then: 1_500 },
    { headers: { 'retry-after-ms': '1500', 'retry-after': '2' }, then: 1_500 },
    { headers: { 'retry-after-ms': '20', 'retry-after': '30' }, then: 30_000 },
    { headers: { 'retry-after-ms': 'soon', 'retry-after': '2' }, then: 2_000 },
    { headers: { 'retry-after-ms': '-1' }, then: undefined },
  ])('[classify.retry-after-ms] $headers: $then', ({ headers, then }) => {
    expect(asked(headers)).toBe(then);
  });

  it.each([
    { given: 'a server that is ahead', headers: { date: at(3_600_000), 'retry-after': at(3_601_000) }, then: 1_000 },
    { given: 'a server that is behind', headers: { Date: at(-3_600_000), 'retry-after': at(-3_590_000) }, then: 10_000 },
    { given: 'a Date that is none', headers: { date: 'today', 'retry-after': at(5_000) }, then: 5_000 },
    { given: 'seconds, whatever the Date', headers: { date: at(3_600_000), 'retry-after': '7' }, then: 7_000 },
  ])('[classify.retry-after-skew] $given', ({ headers, then }) => {
    expect(asked(headers)).toBe(then);
  });

  it.each([
    { value: '50', then: 50_000 },
    { value: '0', then: 0 },
    { value: 1.5, then: 1_500 },
    { value: String(now / 1_000 + 30), then: 30_000 },
    { value: String(now + 30), then: 30 },
    { value: String(now / 1_000 - 30), then: 0 },
    { value: '6m0s', then: 360_000 },
    { value: '120ms', then: 120 },
    { value: '1h2m3.5s', then: 3_723_500 },
    { value: '1s500ms', then: 1_500 },
    { value: new Date(now + 9_000).toISOString(), then: 9_000 },
    { value: '', then: undefined },
    { value: 'soon', then: undefined },
    { value: '-5', then: undefined },
    { value: '5 m', then: undefined },
    { value: '2026-13-45T00:00:00Z', then: undefined },
    { value: {}, then: undefined },
  ])('[classify.rate-limit-reset] $value is $then', ({ value, then }) => {
    expect(parseReset(value, now)).toBe(then);
  });

  it.each([
    { given: 'one', headers: { 'ratelimit-reset': '50' }, then: 50_000 },
    { given: 'the later of two', headers: { 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-reset-tokens': '6m0s' }, then: 360_000 },
    {
      given: 'only what is used up',
      headers: {
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-tokens': '6m0s',
        'x-ratelimit-remaining-tokens': '9',
      },
      then: 1_000,
    },
    { given: 'nothing while something is left', headers: { 'X-RateLimit-Reset': '50', 'X-RateLimit-Remaining': '4999' }, then: undefined },
    { given: 'the wait of Discord', headers: { 'x-ratelimit-reset-after': '1.25', 'x-ratelimit-remaining': '0' }, then: 1_250 },
    { given: 'that of Retry-After before all', headers: { 'retry-after': '2', 'x-ratelimit-reset': '50' }, then: 2_000 },
    {
      given: 'what Anthropic sends',
      headers: { 'anthropic-ratelimit-tokens-reset': '50', 'anthropic-ratelimit-tokens-remaining': '0' },
      then: 50_000,
    },
  ])('[classify.rate-limit-reset] of a 429: $given', ({ headers, then }) => {
    expect(classOf(429, headers)).toEqual({ errorClass: 'RATE_LIMIT', ...(then === undefined ? {} : { retryAfterMs: then }) });
  });

  it.each([
    { status: 503, then: 'SERVER_ERROR' },
    { status: 404, then: 'PERMANENT' },
    { status: 403, then: 'PERMISSION' },
  ])('[classify.rate-limit-reset] says nothing beside a $status', ({ status, then }) => {
    expect(classOf(status, { 'x-ratelimit-reset': '50' })).toEqual({ errorClass: then });
  });

  it.each([
    { status: 403, headers: { 'retry-after': '2' }, then: { errorClass: 'RATE_LIMIT', retryAfterMs: 2_000 } },
    { status: 413, headers: { 'retry-after': '2' }, then: { errorClass: 'RATE_LIMIT', retryAfterMs: 2_000 } },
    { status: 403, headers: { 'x-ratelimit-remaining': '0' }, then: { errorClass: 'RATE_LIMIT' } },
    {
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' },
      then: { errorClass: 'RATE_LIMIT', retryAfterMs: 9_000 },
    },
    {
      status: 413,
      headers: { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '9s' },
      then: { errorClass: 'RATE_LIMIT', retryAfterMs: 9_000 },
    },
    { status: 403, headers: { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '9' }, then: { errorClass: 'PERMISSION' } },
    { status: 403, headers: { 'retry-after': 'soon' }, then: { errorClass: 'PERMISSION' } },
    { status: 413, headers: {}, then: { errorClass: 'PERMANENT' } },
    { status: 401, headers: { 'retry-after': '2' }, then: { errorClass: 'AUTH' } },
  ])('[classify.rate-limited-403] $status with $headers is $then', ({ status, headers, then }) => {
    expect(classOf(status, headers)).toEqual(then);
  });

  it.each([
    { status: 503, should: 'false', then: { errorClass: 'SERVER_ERROR', retryable: false } },
    { status: 429, should: 'false', then: { errorClass: 'RATE_LIMIT', retryable: false } },
    { status: 404, should: 'false', then: { errorClass: 'PERMANENT', retryable: false } },
    { status: 400, should: 'true', then: { errorClass: 'TRANSIENT' } },
    { status: 401, should: 'true', then: { errorClass: 'AUTH' } },
    { status: 403, should: 'true', then: { errorClass: 'PERMISSION' } },
    { status: 500, should: 'true', then: { errorClass: 'SERVER_ERROR' } },
    { status: 400, should: 'perhaps', then: { errorClass: 'PERMANENT' } },
  ])('[classify.should-retry] $should with $status: $then', ({ status, should, then }) => {
    expect(classOf(status, { 'x-should-retry': should })).toEqual(then);
  });

  it.each([
    { given: 'seconds', error: { status: 429, retryAfter: 30 }, then: 30_000 },
    { given: 'milliseconds, of discord.js', error: { status: 429, retryAfter: 30, timeToReset: 30 }, then: 30 },
    { given: 'a header before it', error: { status: 429, retryAfter: 30, headers: { 'retry-after': '2' } }, then: 2_000 },
    { given: 'no number', error: { status: 429, retryAfter: '30' }, then: undefined },
  ])("an SDK's own retryAfter: $given", ({ error, then }) => {
    expect(defaultClassifier(error).retryAfterMs).toBe(then);
  });
});
