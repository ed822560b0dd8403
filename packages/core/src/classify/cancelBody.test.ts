import { Readable } from 'node:stream';
import { cancelBody } from './cancelBody.js';
import { hostileErrors } from './fixtures/hostileErrors.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('cancelBody', () => {
  const unhandled = jest.fn();
  beforeEach(() => {
    unhandled.mockClear();
    process.on('unhandledRejection', unhandled);
    process.on('uncaughtException', unhandled);
  });
  afterEach(async () => {
    await settled();
    process.off('unhandledRejection', unhandled);
    process.off('uncaughtException', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('[classify.response-body-cancelled] cancels a web stream', async () => {
    const cancel = jest.fn();
    const response = new Response(new ReadableStream({ cancel }), { status: 503 });
    cancelBody(response);
    await settled();
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('leaves no rejection when the stream objects to being cancelled', async () => {
    const cancel = jest.fn(() => Promise.reject(new Error('no')));
    cancelBody(new Response(new ReadableStream({ cancel })));
    await settled();
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('leaves a body alone that is being read', async () => {
    const response = new Response('text');
    const text = response.text();
    cancelBody(response);
    await expect(text).resolves.toBe('text');
  });

  it('[classify.response-body-cancelled] destroys a Node stream, whatever it says to that', async () => {
    const body = new Readable({
      read() {},
      destroy(_error, callback) {
        callback(new Error('aborted'));
      },
    });
    cancelBody({ body });
    await settled();
    expect(body.destroyed).toBe(true);
  });

  it('destroys what has nothing but destroy', () => {
    const destroy = jest.fn();
    cancelBody({ body: { destroy } });
    expect(destroy).toHaveBeenCalledTimes(1);
  });

  it.each([
    { given: 'no body', response: new Response(null) },
    { given: 'a text', response: { body: 'text' } },
    { given: 'bytes', response: { body: new Uint8Array(2) } },
    {
      given: 'a body that throws',
      response: {
        body: {
          cancel() {
            throw new Error('hostile');
          },
        },
      },
    },
    { given: 'a body whose getter throws', response: { body: hostileErrors.find(({ given }) => given === 'a proxy that throws')?.error } },
    ...hostileErrors.map(({ given, error }) => ({ given, response: error })),
  ])('does no harm to $given', ({ response }) => {
    expect(() => cancelBody(response)).not.toThrow();
  });
});
