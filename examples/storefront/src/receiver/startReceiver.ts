import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../listen.js';
import { decodeTraces } from './decodeTraces.js';
import { drawTrace } from './drawTrace.js';
import type { Live, PageState } from './PageState.js';
import type { TraceStore } from './TraceStore.js';

/** Bytes of one OTLP request; a batch of 512 spans of the demo is a tenth of it. */
const maxBody = 8 * 1_024 * 1_024;

export interface ReceiverOptions {
  readonly port: number;
  readonly store: TraceStore;
  /** The page's HTML. */
  readonly page: string;
}

export interface Receiver {
  readonly port: number;
  readonly url: string;
  /** What the page shows beside the traces; until it is told it says that the demo is starting. */
  present(live: () => Live): void;
  stop(): Promise<void>;
}

/** An OTLP/HTTP receiver for traces in JSON, with a page that shows them. */
export async function startReceiver({ port: wanted, store, page }: ReceiverOptions): Promise<Receiver> {
  let presented: (() => Live) | undefined;
  const server = createServer((request, response) => {
    route(request)
      .catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
      .then((answer) => write(response, answer));
  });

  async function route(request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const wantedMethod = path === '/v1/traces' ? 'POST' : 'GET';
    const respond = routes[path] ?? (path.startsWith('/api/traces/') ? drawing : undefined);
    if (respond === undefined) {
      return { status: 404, body: { error: `nothing at ${path}` } };
    }
    return request.method === wantedMethod
      ? respond(request, path)
      : { status: 405, headers: { allow: wantedMethod }, body: { error: `${path} takes ${wantedMethod}` } };
  }

  const routes: Readonly<Record<string, Route | undefined>> = {
    '/': () => ({ status: 200, html: page }),
    '/api/state': state,
    '/v1/traces': (request) => accept(request, store),
  };

  function state(): Answer {
    return presented === undefined
      ? { status: 503, body: { error: 'the demo is starting' } }
      : { status: 200, body: { ...presented(), groups: store.groups() } satisfies PageState };
  }

  function drawing(_: IncomingMessage, path: string): Answer {
    const drawn = drawTrace(store.spans(path.slice('/api/traces/'.length)));
    return drawn === undefined ? { status: 404, body: { error: 'this trace is no longer kept' } } : { status: 200, body: drawn };
  }

  const port = await listen(server, wanted);
  const present = (live: () => Live): void => {
    presented = live;
  };
  return { port, url: `http://localhost:${port}`, present, stop: () => closeServer(server) };
}

type Route = (request: IncomingMessage, path: string) => Answer | Promise<Answer>;

type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } & (
  | { readonly body: object }
  | { readonly html: string }
);

async function accept(request: IncomingMessage, store: TraceStore): Promise<Answer> {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return { status: 415, body: { message: 'this receiver reads OTLP in JSON alone (OTLPTraceExporter of exporter-trace-otlp-http)' } };
  }
  const body = await read(request);
  if (body === undefined) {
    return { status: 413, headers: { connection: 'close' }, body: { message: `more than ${maxBody} bytes` } };
  }
  try {
    store.add(decodeTraces(JSON.parse(body)));
    return { status: 200, body: {} };
  } catch (error) {
    return { status: 400, body: { message: String(error) } };
  }
}

/** The body as text; undefined when it is too long. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBody) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function write(response: ServerResponse, answer: Answer): void {
  const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...answer.headers };
  if ('html' in answer) {
    const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'";
    response.writeHead(answer.status, { ...common, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    response.end(answer.html);
  } else {
    response.writeHead(answer.status, { ...common, 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }
}
