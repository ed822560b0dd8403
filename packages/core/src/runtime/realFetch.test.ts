import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { throwIfNotOk } from '../classify/throwIfNotOk.js';
import type { Attempt } from '../model/Attempt.js';
import { createRegistry } from '../policy/Registry.js';
import { fixed } from '../testing/fixedBackoffs.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Node's fetch on real sockets of the loopback interface: short times, generous bounds. */
describe('fetch', () => {
  const sockets = new Set<Socket>();
  let server: Server;
  let url: string;
  let answers: Answer[] = [];
  let requests = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const answer = answers[requests] ?? answers.at(-1);
      requests += 1;
      answer?.(request, response);
    });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  beforeEach(() => {
    answers = [];
    requests = 0;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const ok: Answer = (_, response) => void response.end('{"stock":3}');
  const status =
    (code: number, headers: Record<string, string> = {}, body = 'busy'): Answer =>
    (_, response) =>
      void response.writeHead(code, headers).end(body);
  const resets: Answer = (request) => request.socket.resetAndDestroy();
  const hangs: Answer = () => undefined;
  const halfABody: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"stock":');
  };
  const breaksOff: Answer = (request, response) => {
    halfABody(request, response);
    setTimeout(() => request.socket.destroy(), 5);
  };

  const policyOf = (options = {}) =>
    createRegistry().policy('fetch', { timeoutMs: 8_000, attemptTimeoutMs: 4_000, retry: { backoff: fixed(5) }, ...options });
  const getStock = async ({ signal }: Attempt): Promise<unknown> => throwIfNotOk(await fetch(url, { signal })).json();
  const getResponse = ({ signal }: Attempt): Promise<Response> => fetch(url, { signal });

  it.each([
    { given: 'a connection that is reset', first: resets },
    { given: '503', first: status(503) },
    { given: '429', first: status(429) },
    { given: 'a body that breaks off', first: breaksOff },
    { given: '408', first: status(408) },
    { given: "a proxy's page in place of JSON", first: status(200, {}, '<html>') },
  ])('is made again after $given', async ({ first }) => {
    answers = [first, ok];
    expect(await policyOf().settle(getStock)).toMatchObject({ ok: true, value: { stock: 3 }, attempts: 2 });
    expect(requests).toBe(2);
  });

  it.each([
    { code: 400, errorClass: 'PERMANENT' },
    { code: 401, errorClass: 'AUTH' },
    { code: 403, errorClass: 'PERMISSION' },
    { code: 404, errorClass: 'PERMANENT' },
  ])('is not made again after $code', async ({ code, errorClass }) => {
    answers = [status(code), ok];
    const outcome = await policyOf().settle(getStock);
    expect(outcome).toMatchObject({ stopReason: 'NON_RETRYABLE_CLASS', errorClass, error: { name: 'HttpResponseError', status: code } });
    expect(requests).toBe(1);
  });

  it('[classify.fetch-failed] that cannot connect is retried, and gives its own error back', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const outcome = await policyOf().settle(({ signal }) => fetch(`http://127.0.0.1:${port}/`, { signal }), { idempotent: false });
    expect(outcome).toMatchObject({
      stopReason: 'MAX_ATTEMPTS_GLOBAL',
      attempts: 3,
      errorClass: 'TRANSIENT',
      error: { message: 'fetch failed' },
    });
  });

  it.each([
    { given: 'an answer', first: hangs },
    { given: 'the rest of a body', first: halfABody },
  ])('that waits for $given in vain is cut short by the timeout of the attempt, and made again', async ({ first }) => {
    answers = [first, ok];
    const outcome = await policyOf({ attemptTimeoutMs: 500 }).settle(getStock);
    expect(outcome).toMatchObject({ ok: true, value: { stock: 3 }, attempts: 2 });
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(505);
  });

  it('[call.settles-at-limit] that hangs ends with its call, and its connection is closed', async () => {
    answers = [hangs];
    let closed: Promise<unknown> | undefined;
    answers = [(request) => (closed = new Promise((resolve) => request.socket.once('close', resolve)))];
    await expect(policyOf().call(getStock, { timeoutMs: 100 })).rejects.toMatchObject({ name: 'DeadlineExceededError', timeoutMs: 100 });
    await closed;
    expect(requests).toBe(1);
  });

  it('[call.rejects-abort-reason] that hangs ends when the caller aborts', async () => {
    const controller = new AbortController();
    answers = [() => controller.abort('gone')];
    await expect(policyOf().call(getStock, { signal: controller.signal })).rejects.toBe('gone');
  });

  it('[classify.retry-after-floor] honours Retry-After on a 503', async () => {
    answers = [status(503, { 'Retry-After': '0.2' }), ok];
    const outcome = await policyOf().settle(getResponse);
    expect(outcome).toMatchObject({ ok: true, attempts: 2 });
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(200);
  });

  it('[classify.retry-after-floor] does not wait for a Retry-After that does not fit', async () => {
    answers = [status(503, { 'Retry-After': '3600' }, 'maintenance')];
    const response = await policyOf().call(getResponse);
    expect(response.status).toBe(503);
    await expect(response.text()).resolves.toBe('maintenance');
    expect(requests).toBe(1);
  });

  it('[call.returns-response] gives back the last Response, its body unread', async () => {
    answers = [status(503, {}, 'one'), status(503, {}, 'two'), status(503, {}, 'three')];
    const response = await policyOf().call(getResponse);
    expect(response.status).toBe(503);
    await expect(response.text()).resolves.toBe('three');
  });

  it('[classify.response-body-cancelled] lets go of the connections of Responses that are retried', async () => {
    // Too large for the buffers of the sockets: a body that nobody reads would hold its connection for ever.
    const large = 'x'.repeat(8_000_000);
    const unread = new Set<ServerResponse>();
    const busy: Answer = (_, response) => {
      unread.add(response);
      response.on('close', () => unread.delete(response));
      response.writeHead(503).end(large);
    };
    answers = [busy, busy, ok];
    const response = await policyOf().call(getResponse);
    await expect(response.json()).resolves.toEqual({ stock: 3 });
    const deadline = Date.now() + 2_000;
    while (unread.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(unread.size).toBe(0);
    expect(requests).toBe(3);
  });

  it('stops while the circuit is open, and goes on when it has recovered', async () => {
    answers = [status(503)];
    const policy = policyOf({ retry: false, circuitBreaker: { trip: { type: 'consecutive', failures: 2 }, recoveryMs: () => 60 } });
    await policy.settle(getStock);
    expect(await policy.settle(getStock)).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 1 });
    expect(await policy.settle(getStock)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 0 });
    expect(requests).toBe(2);
    answers = [ok];
    await new Promise((resolve) => setTimeout(resolve, 80));
    await expect(policy.call(getStock)).resolves.toEqual({ stock: 3 });
    expect(policy.circuitBreaker?.state).toBe('closed');
  });
});
