import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../listen.js';
import { BodyReader, Refusal } from './BodyReader.js';
import { drawTrace } from './drawTrace.js';
import { type Direction, readDirection } from './Direction.js';
import type { Live, PageState } from './PageState.js';
import { parseJson } from './parseJson.js';
import { TraceIntake } from './TraceIntake.js';
import type { TraceStore } from './TraceStore.js';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly text: string;
}

export interface ReceiverOptions {
  readonly port: number;
  readonly store: TraceStore;
  /** The page's HTML. */
  readonly page: string;
  /** What the page loads, by its path. */
  readonly files?: ReadonlyMap<string, PageFile> | undefined;
  /** Milliseconds in which a request must have come in. Default 10_000. */
  readonly bodyMs?: number | undefined;
}

export interface Receiver {
  readonly port: number;
  readonly url: string;
  /** What the page shows beside the traces, and what it may do to the story; until it is told it says that the demo is starting. */
  present(live: () => Live, direct?: (direction: Direction) => void): void;
  stop(): Promise<void>;
}

/** An OTLP/HTTP receiver for traces in JSON, with a page that shows them. */
export async function startReceiver({ port: wanted, store, page, files = new Map(), bodyMs = 10_000 }: ReceiverOptions): Promise<Receiver> {
  let presented: (() => Live) | undefined;
  let direct: ((direction: Direction) => void) | undefined;
  const bodies = new BodyReader();
  const intake = new TraceIntake(store, bodies);
  const patience = { requestTimeout: bodyMs, headersTimeout: bodyMs, connectionsCheckingInterval: 1_000 };
  const server = createServer(patience, (request, response) => {
    route(request)
      .catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
      .then((answer) => write(response, answer));
  });

  async function route(request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const wantedMethod = path === '/v1/traces' || path === '/api/story' ? 'POST' : 'GET';
    const respond = routes.get(path) ?? (path.startsWith('/api/traces/') ? drawing : undefined);
    if (respond === undefined) {
      return { status: 404, body: { error: `nothing at ${path}` } };
    }
    return request.method === wantedMethod
      ? respond(request, path)
      : { status: 405, headers: { allow: wantedMethod }, body: { error: `${path} takes ${wantedMethod}` } };
  }

  const routes = new Map<string, Route>([
    ['/', () => ({ status: 200, file: { type: 'text/html', text: page } })],
    ...[...files].map(([path, file]): [string, Route] => [path, () => ({ status: 200, file })]),
    ['/api/state', state],
    ['/api/story', directStory],
    ['/v1/traces', (request) => intake.accept(request)],
  ]);

  /** JSON alone: a page from elsewhere cannot send it without asking, and is not answered. */
  async function directStory(request: IncomingMessage): Promise<Answer> {
    if (!request.headers['content-type']?.startsWith('application/json')) {
      return { status: 415, body: { error: 'application/json alone' } };
    }
    if (direct === undefined) {
      return { status: 409, body: { error: 'no story is played' } };
    }
    try {
      direct(readDirection(parseJson(await bodies.read(request))));
      return state();
    } catch (error) {
      return { status: error instanceof Refusal ? error.status : 400, body: { error: String(error) } };
    }
  }

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
  const present: Receiver['present'] = (live, directed) => {
    presented = live;
    direct = directed;
  };
  return { port, url: `http://localhost:${port}`, present, stop: () => closeServer(server) };
}

type Route = (request: IncomingMessage, path: string) => Answer | Promise<Answer>;

type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } & (
  | { readonly body: object }
  | { readonly file: PageFile }
);

function write(response: ServerResponse, answer: Answer): void {
  const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...answer.headers };
  if ('file' in answer) {
    const policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    response.writeHead(answer.status, {
      ...common,
      'content-type': `${answer.file.type}; charset=utf-8`,
      'content-security-policy': policy,
    });
    response.end(answer.file.text);
  } else {
    response.writeHead(answer.status, { ...common, 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }
}
