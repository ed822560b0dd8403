import { retryAfterMsOf } from './retryAfterMsOf.js';

/** As axios' headers: no Map, and any name in any case. */
const axiosHeaders = { get: (name: string) => (/^retry-after$/i.test(name) ? '7' : undefined) };

describe('retryAfterMsOf', () => {
  it.each([
    { given: 'Headers', failure: { headers: new Headers({ 'Retry-After': '7' }) } },
    { given: 'a plain object', failure: { headers: { 'retry-after': '7' } } },
    { given: 'a plain object as it was sent', failure: { headers: { 'Content-Type': 'text/html', 'Retry-After': '7' } } },
    { given: 'a plain object that shouts', failure: { headers: { 'RETRY-AFTER': '7' } } },
    { given: 'a number', failure: { headers: { 'retry-after': 7 } } },
    { given: 'the larger of a list of values', failure: { headers: { 'retry-after': ['7', '3'] } } },
    { given: 'a Map', failure: { headers: new Map([['Retry-After', '7']]) } },
    {
      given: 'a list of pairs',
      failure: {
        headers: [
          ['x', 'y'],
          ['Retry-After', '7'],
        ],
      },
    },
    { given: "Node's flat list", failure: { headers: ['X-Why', 'retry-after', 'Retry-After', '7'] } },
    { given: "undici's raw buffers", failure: { headers: [Buffer.from('Retry-After'), Buffer.from('7').toString()] } },
    { given: 'headers like those of axios', failure: { headers: axiosHeaders } },
    { given: 'the response of an error', failure: { response: { headers: { 'Retry-After': '7' } } } },
    { given: 'the $response of an AWS error', failure: { $response: { headers: { 'retry-after': '7' } } } },
    { given: 'itself before its response', failure: { headers: { 'retry-after': '7' }, response: { headers: { 'retry-after': '9' } } } },
    {
      given: 'its response when its own is malformed',
      failure: { headers: { 'retry-after': 'soon' }, response: { headers: { 'retry-after': '7' } } },
    },
    { given: 'an HTTP date', failure: { headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:17 GMT' } } },
  ])('[classify.retry-after-headers] reads $given', ({ failure }) => {
    expect(retryAfterMsOf(failure, 10_000)).toBe(7_000);
  });

  it.each([
    { given: 'no headers', failure: new Error() },
    { given: 'null headers', failure: { headers: null } },
    { given: 'headers without it', failure: { headers: { 'x-retry-after': '7', 'retry-after-s': '7' } } },
    { given: 'Headers without it', failure: { headers: new Headers() } },
    { given: 'a Map without it', failure: { headers: new Map() } },
    { given: 'a flat list in which it is a value', failure: { headers: ['x-why', 'retry-after', '7', '7'] } },
    { given: 'a flat list that ends too soon', failure: { headers: ['retry-after'] } },
    { given: 'an empty list of values', failure: { headers: { 'retry-after': [] } } },
    { given: 'a malformed one', failure: { headers: { 'retry-after': 'soon' } } },
    { given: 'headers that are a text', failure: { headers: 'retry-after: 7' } },
    {
      given: 'headers that throw',
      failure: {
        headers: {
          get() {
            throw new Error('hostile');
          },
        },
      },
    },
    { given: 'a name that is a symbol', failure: { headers: [[Symbol('retry-after'), '7']] } },
    { given: 'a pair that is none', failure: { headers: new Map([[Object.create(null), '7']]) } },
    { given: 'nothing', failure: undefined },
  ])('is undefined for $given', ({ failure }) => {
    expect(retryAfterMsOf(failure, 10_000)).toBeUndefined();
  });
});
