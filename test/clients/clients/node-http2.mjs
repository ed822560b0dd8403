import { once } from 'node:events';
import { connect, constants, createServer } from 'node:http2';

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

/** What the server does with the stream that asks for it. */
const FAULTS = {
  '/refused': (stream) => stream.close(NGHTTP2_REFUSED_STREAM),
  '/broken': (stream) => stream.close(NGHTTP2_INTERNAL_ERROR),
  '/calm': (stream) => stream.session.goaway(NGHTTP2_ENHANCE_YOUR_CALM),
  '/reset': (_stream, socket) => socket.resetAndDestroy(),
  '/hang': () => undefined,
};

/** One GET in a session of its own, its body read. */
const get = (origin, path, { signal } = {}) =>
  new Promise((resolve, reject) => {
    const session = connect(origin);
    session.on('error', reject);
    const stream = session.request({ ':path': path }, { signal });
    stream.on('error', reject);
    stream.on('close', () => session.destroy());
    stream.on('end', resolve);
    stream.resume();
  });

/** A request in a session that is over: thrown by Node up to 22, an error of its stream in 24. */
const late = async (origin) => {
  const session = connect(origin);
  session.on('error', () => undefined);
  await once(session, 'connect');
  session.destroy();
  const [error] = await once(session.request({ ':path': '/' }), 'error');
  throw error;
};

export const client = {
  name: "Node's http2",
  start: async (upstream) => {
    const server = createServer();
    server.on('sessionError', () => undefined);
    server.on('session', (session) => session.on('error', () => undefined));
    let socket;
    server.on('connection', (newest) => (socket = newest));
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      FAULTS[headers[':path']](stream, socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${server.address().port}`;
    const aborted = () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      return { signal: controller.signal };
    };
    return {
      situations: [
        { happened: 'connection refused', run: () => get(upstream.closed, '/'), then: ['TRANSIENT', 'ECONNREFUSED', undefined, true] },
        { happened: 'stream refused', run: () => get(origin, '/refused'), then: ['TRANSIENT', 'ERR_HTTP2_STREAM_ERROR', undefined, true] },
        { happened: 'stream broke', run: () => get(origin, '/broken'), then: ['TRANSIENT', 'ERR_HTTP2_STREAM_ERROR'] },
        { happened: 'asked to be calm', run: () => get(origin, '/calm'), then: ['RATE_LIMIT', 'ERR_HTTP2_SESSION_ERROR', undefined, true] },
        { happened: 'connection lost', run: () => get(origin, '/reset'), then: ['TRANSIENT', 'ECONNRESET'] },
        {
          happened: 'no answer in time',
          run: () => get(origin, '/hang', { signal: AbortSignal.timeout(100) }),
          then: ['TRANSIENT', 'TimeoutError'],
        },
        { happened: 'cancelled by its caller', run: () => get(origin, '/hang', aborted()), then: ['ABORTED'] },
        { happened: 'session is over', run: () => late(origin), then: ['TRANSIENT', 'ERR_HTTP2_INVALID_SESSION', undefined, true] },
      ],
      stop: () => void server.close(),
    };
  },
};
