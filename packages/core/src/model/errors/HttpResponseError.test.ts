import { HttpResponseError } from './HttpResponseError.js';

describe('HttpResponseError', () => {
  it('takes status, reason phrase, headers and url from a Response, and does not touch its body', async () => {
    const response = new Response('maintenance', { status: 503, statusText: 'Service Unavailable', headers: { 'Retry-After': '5' } });
    const error = new HttpResponseError(response);
    expect(error).toMatchObject({
      name: 'HttpResponseError',
      message: 'HTTP 503 Service Unavailable',
      status: 503,
      statusText: 'Service Unavailable',
      url: '',
    });
    expect(error.headers).toBe(response.headers);
    expect(error.headers.get('retry-after')).toBe('5');
    await expect(response.text()).resolves.toBe('maintenance');
  });

  it.each([
    { given: 'a status alone', parts: { status: 404 }, message: 'HTTP 404', statusText: '' },
    { given: 'an empty reason phrase', parts: { status: 502, statusText: '' }, message: 'HTTP 502', statusText: '' },
    {
      given: 'undefined everywhere',
      parts: { status: 500, statusText: undefined, headers: undefined, url: undefined },
      message: 'HTTP 500',
      statusText: '',
    },
  ])('$given makes "$message"', ({ parts, message, statusText }) => {
    const error = new HttpResponseError(parts);
    expect(error.message).toBe(message);
    expect(error.statusText).toBe(statusText);
    expect(error.url).toBe('');
    expect(Object.hasOwn(error, 'cause')).toBe(false);
    expect(error.headers.get('retry-after')).toBeNull();
  });

  it.each([
    { name: 'retry-after', then: '5' },
    { name: 'RETRY-AFTER', then: '5' },
    { name: 'X-Ids', then: '1,2' },
    { name: 'x-empty', then: '' },
    { name: 'x-undefined', then: null },
    { name: 'x-absent', then: null },
  ])('reads $name of plain headers as $then', ({ name, then }) => {
    const headers = { 'Retry-After': '5', 'x-ids': ['1', '2'], 'X-Empty': '', 'x-undefined': undefined };
    expect(new HttpResponseError({ status: 429, headers }).headers.get(name)).toBe(then);
  });

  it.each([
    { url: 'https://api.test/v1/stock', then: 'https://api.test/v1/stock' },
    { url: 'https://api.test/v1?token=secret', then: 'https://api.test/v1' },
    { url: 'https://api.test/v1?a=1?b=2#c', then: 'https://api.test/v1' },
    { url: 'https://api.test/v1#access_token=secret', then: 'https://api.test/v1' },
    { url: 'https://user:secret@api.test/v1', then: 'https://api.test/v1' },
    { url: 'https://user:se@cret@api.test/v1', then: 'https://api.test/v1' },
    { url: 'https://api.test/v1/@me', then: 'https://api.test/v1/@me' },
    { url: 'https://api.test//a@b', then: 'https://api.test//a@b' },
    { url: '/relative?token=secret', then: '/relative' },
    { url: 'https://api.test/v1?a\n=secret', then: 'https://api.test/v1' },
  ])('keeps of $url what is no secret', ({ url, then }) => {
    expect(new HttpResponseError({ status: 500, url }).url).toBe(then);
  });

  it('keeps its cause', () => {
    const cause = new Error('why');
    expect(new HttpResponseError({ status: 500 }, { cause }).cause).toBe(cause);
  });
});
