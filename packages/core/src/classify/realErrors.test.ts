import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { defaultClassifier } from './defaultClassifier.js';
import { errorTypeOf } from './errorTypeOf.js';
import { provesNotProcessed } from './provesNotProcessed.js';
import { throwIfNotOk } from './throwIfNotOk.js';

/** What the upstream does with a request for a path. */
const upstream: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  '/reset': (request) => request.socket.resetAndDestroy(),
  '/half': (request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setImmediate(() => request.socket.destroy());
  },
  '/garbage': (request) => request.socket.end('this is not HTTP\r\n\r\n'),
  '/hang': () => undefined,
  '/html': (_request, response) => response.end('<html>'),
  '/busy': (_request, response) => response.writeHead(503, { 'Retry-After': '1.5' }).end('busy'),
  '/slow-down': (_request, response) => response.writeHead(429, { 'Retry-After': new Date(0).toUTCString() }).end(),
  '/teapot': (_request, response) => response.writeHead(418).end(),
};

let server: Server;
let base: string;
let closedPort: number;

beforeAll(async () => {
  server = createServer((request, response) => upstream[request.url ?? '']?.(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  closedPort = (closed.address() as AddressInfo).port;
  closed.close();
  await once(closed, 'close');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('real errors', () => {
  it.each([
    {
      given: 'fetch to a closed port',
      run: () => fetch(`http://127.0.0.1:${closedPort}`),
      then: 'TRANSIENT',
      type: 'ECONNREFUSED',
      proof: true,
    },
    {
      given: 'fetch to a closed port of every address of localhost',
      run: () => fetch(`http://localhost:${closedPort}`),
      then: 'TRANSIENT',
      type: 'ECONNREFUSED',
      proof: true,
    },
    {
      given: 'a socket to a closed port',
      run: () => once(connect(closedPort, '127.0.0.1'), 'connect'),
      then: 'TRANSIENT',
      type: 'ECONNREFUSED',
      proof: true,
    },
    { given: 'a connection that is reset', run: () => fetch(`${base}/reset`), then: 'TRANSIENT', type: 'ECONNRESET', proof: false },
    {
      given: 'a body that breaks off',
      run: async () => (await fetch(`${base}/half`)).text(),
      then: 'TRANSIENT',
      type: 'UND_ERR_SOCKET',
      proof: false,
    },
    {
      given: 'an answer that is not HTTP',
      run: () => fetch(`${base}/garbage`),
      then: 'TRANSIENT',
      // undici 7, which Node 24 has, lost the code.
      type: Number(process.versions['undici']?.split('.')[0]) < 7 ? 'HPE_INVALID_CONSTANT' : 'HTTPParserError',
      proof: false,
    },
    {
      given: "the function's own timeout",
      run: () => fetch(`${base}/hang`, { signal: AbortSignal.timeout(20) }),
      then: 'TRANSIENT',
      type: 'TimeoutError',
      proof: false,
    },
    {
      given: "the function's own abort",
      run: () => {
        const controller = new AbortController();
        setImmediate(() => controller.abort());
        return fetch(`${base}/hang`, { signal: controller.signal });
      },
      then: 'UNKNOWN',
      type: 'AbortError',
      proof: false,
    },
    {
      given: "a proxy's page in .json()",
      run: async () => (await fetch(`${base}/html`)).json(),
      then: 'UNKNOWN',
      type: 'SyntaxError',
      proof: false,
    },
    { given: 'an address that is none', run: () => fetch('http://'), then: 'PERMANENT', type: 'ERR_INVALID_URL', proof: false },
    { given: 'a file that is not there', run: () => readFile('/nowhere/at/all'), then: 'PERMANENT', type: 'ENOENT', proof: false },
    { given: 'a bug', run: () => Reflect.get(Object(undefined), 'a').b, then: 'PERMANENT', type: 'TypeError', proof: false },
    { given: 'a 418', run: async () => throwIfNotOk(await fetch(`${base}/teapot`)), then: 'PERMANENT', type: '418', proof: false },
  ])('$given is $then, error.type $type', async ({ run, then, type, proof }) => {
    const error = await errorOf(run);
    const classification = defaultClassifier(error);
    expect(classification).toEqual({ errorClass: then });
    expect(errorTypeOf(error)).toBe(type);
    expect(provesNotProcessed(error, classification.errorClass)).toBe(proof);
  });

  it.each([
    { path: '/busy', then: { errorClass: 'SERVER_ERROR', retryAfterMs: 1_500 }, type: '503', proof: false },
    { path: '/slow-down', then: { errorClass: 'RATE_LIMIT', retryAfterMs: 0 }, type: '429', proof: true },
  ])('$path is $then', async ({ path, then, type, proof }) => {
    const error = await errorOf(async () => throwIfNotOk(await fetch(base + path)));
    const classification = defaultClassifier(error);
    expect(classification).toEqual(then);
    expect(errorTypeOf(error)).toBe(type);
    expect(provesNotProcessed(error, classification.errorClass)).toBe(proof);
  });
});
