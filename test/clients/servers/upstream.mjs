import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createNetServer } from 'node:net';

const json = (response, status, headers, body) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** What the upstream does with a request, by the first part of its path. Some APIs say the same in the shape that their client reads. */
const DOES = {
  reset: (request) => request.socket.resetAndDestroy(),
  hang: () => undefined,
  garbage: (request) => request.socket.end('this is not HTTP\r\n\r\n'),
  half: (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"half":');
    setTimeout(() => request.socket.destroy(), 20);
  },
  busy: (_, response) => json(response, 503, {}, { error: { message: 'busy', type: 'server_error' } }),
  'busy-2s': (_, response) => json(response, 503, { 'retry-after': '2' }, { error: { message: 'busy' } }),
  limited: (_, response) => json(response, 429, {}, { error: { message: 'slow down' } }),
  'limited-2s': (_, response) => json(response, 429, { 'retry-after': '2' }, { error: { message: 'slow down' } }),
  'limited-1500ms': (_, response) =>
    json(response, 429, { 'retry-after-ms': '1500', 'retry-after': '2' }, { error: { message: 'slow down' } }),
  'limited-never': (_, response) =>
    json(
      response,
      429,
      { 'x-should-retry': 'false' },
      { error: { message: 'no credit left', code: 'insufficient_quota', type: 'insufficient_quota' } },
    ),
  'limited-reset': (_, response) =>
    json(response, 429, { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' }, { error: { message: 'slow down' } }),
  'used-up': (_, response) =>
    json(response, 403, { 'x-ratelimit-remaining': '0', 'retry-after': '30' }, { message: 'API rate limit exceeded' }),
  forbidden: (_, response) =>
    json(response, 403, { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '1' }, { message: 'Resource not accessible' }),
  unauthorized: (_, response) => json(response, 401, {}, { error: { message: 'bad key' }, message: 'bad key' }),
  wrong: (_, response) => json(response, 400, {}, { error: { message: 'wrong' } }),
  conflict: (_, response) => json(response, 409, {}, { error: { message: 'conflict' } }),
  overloaded: (_, response) =>
    json(response, 529, { 'retry-after': '3' }, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  throttled: (_, response) =>
    json(
      response,
      400,
      { 'x-amzn-errortype': 'ThrottlingException' },
      { __type: 'com.amazonaws.sqs#ThrottlingException', message: 'Rate exceeded' },
    ),
  denied: (_, response) =>
    json(response, 403, { 'x-amzn-errortype': 'AccessDeniedException' }, { __type: 'AccessDeniedException', message: 'no' }),
  internal: (_, response) => json(response, 500, { 'x-amzn-errortype': 'InternalFailure' }, { __type: 'InternalFailure', message: 'oops' }),
  invalid: (_, response) =>
    json(response, 400, { 'x-amzn-errortype': 'InvalidParameterValue' }, { __type: 'InvalidParameterValue', message: 'no' }),
  'slack-limited': (_, response) => json(response, 429, { 'retry-after': '30' }, { ok: false, error: 'ratelimited' }),
  'slack-auth': (_, response) => json(response, 200, {}, { ok: false, error: 'invalid_auth' }),
  'slack-channel': (_, response) => json(response, 200, {}, { ok: false, error: 'channel_not_found' }),
  'slack-fatal': (_, response) => json(response, 200, {}, { ok: false, error: 'internal_error' }),
};

/** An HTTP server on loopback with every fault; a port where nobody listens; a resolver that knows no name. */
export async function startUpstream() {
  const server = createServer((request, response) => {
    const does = DOES[request.url.split('/')[1]] ?? ((_, answer) => answer.writeHead(404).end());
    request.resume();
    does(request, response);
  });
  server.keepAliveTimeout = 1;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closedPort = await portOfNobody();
  const silent = createNetServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const names = await startNames();
  return {
    url: (what) => `http://127.0.0.1:${server.address().port}/${what}`,
    closed: `http://127.0.0.1:${closedPort}`,
    closedPort,
    /** Takes connections, and says nothing. */
    silentPort: silent.address().port,
    lookup: names.lookup,
    stop: () => {
      server.closeAllConnections();
      server.close();
      silent.close();
      names.stop();
    },
  };
}

async function portOfNobody() {
  const closed = createNetServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address();
  closed.close();
  await once(closed, 'close');
  return port;
}

/** A name server on loopback by which no name exists (RFC 1035: response code 3). */
async function startNames() {
  const socket = createSocket('udp4', (query, from) => {
    const answer = Buffer.from(query);
    answer[2] = 0x81;
    answer[3] = 0x83;
    socket.send(answer, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    lookup: (name, options, done) =>
      resolver.resolve4(name, (error, addresses) =>
        done(error, options?.all ? addresses?.map((address) => ({ address, family: 4 })) : addresses?.[0], 4),
      ),
    stop: () => socket.close(),
  };
}
