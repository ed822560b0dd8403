import { HttpResponseError } from '../model/errors/index.js';
import { defaultClassifier } from './defaultClassifier.js';
import { throwIfNotOk } from './throwIfNotOk.js';

describe('throwIfNotOk', () => {
  it.each([
    { given: 'a Response of 200', response: new Response('{}', { status: 200 }) },
    { given: 'a Response of 204', response: new Response(null, { status: 204 }) },
    { given: 'a Response of 299', response: new Response(null, { status: 299 }) },
    { given: 'a status of 200 alone', response: { status: 200 } },
    { given: 'a status of 299 alone', response: { status: 299, ok: undefined } },
    { given: 'what calls itself ok', response: { status: 304, ok: true } },
  ])('gives back $given itself', ({ response }) => {
    expect(throwIfNotOk(response)).toBe(response);
  });

  it('keeps the type, so that the body can be read at once', async () => {
    await expect(throwIfNotOk(new Response('{"stock":3}')).json()).resolves.toEqual({ stock: 3 });
  });

  it.each([
    { given: 'a Response of 404', response: new Response(null, { status: 404, statusText: 'Not Found' }), message: 'HTTP 404 Not Found' },
    { given: 'a Response of 503', response: new Response('down', { status: 503 }), message: 'HTTP 503' },
    { given: 'a status of 199 alone', response: { status: 199 }, message: 'HTTP 199' },
    { given: 'a status of 300 alone', response: { status: 300 }, message: 'HTTP 300' },
    { given: 'what calls itself not ok', response: { status: 200, ok: false }, message: 'HTTP 200' },
  ])('throws for $given', ({ response, message }) => {
    expect(() => throwIfNotOk(response)).toThrow(HttpResponseError);
    expect(() => throwIfNotOk(response)).toThrow(message);
  });

  it('throws an error with the headers, and frees the connection of the body', async () => {
    const cancel = jest.fn();
    const response = new Response(new ReadableStream({ cancel }), { status: 429, headers: { 'Retry-After': '5' } });
    let thrown: unknown;
    try {
      throwIfNotOk(response);
    } catch (error) {
      thrown = error;
    }
    expect(thrown instanceof HttpResponseError && thrown.headers.get('retry-after')).toBe('5');
    await new Promise((resolve) => setImmediate(resolve));
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it.each([300, 301, 304, 308])('[classify.redirect] throws for a %s what is not retried', (status) => {
    const error = new HttpResponseError({ status });
    expect(defaultClassifier(error)).toEqual({ errorClass: 'PERMANENT' });
    expect(defaultClassifier(new Error('x', { cause: error }))).toEqual({ errorClass: 'PERMANENT' });
    expect(defaultClassifier({ status })).toEqual({ errorClass: 'UNKNOWN' });
  });
});
