import { CircuitOpenError } from '@redress/core';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../listen.js';
import type { Clients } from './createClients.js';
import { withServerSpan } from './withServerSpan.js';

export interface Service {
  readonly port: number;
  readonly url: string;
  /** Cuts what is connected; resolves once the span of every request has ended. */
  stop(): Promise<void>;
}

/** The storefront: `GET /products/:id` and `POST /checkout`. */
export async function startService(clients: Clients, wantedPort: number): Promise<Service> {
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    const product = /^\/products\/([\w-]+)$/.exec(request.url ?? '')?.[1];
    if (request.method === 'GET' && product !== undefined) {
      void withServerSpan('/products/:id', request, response, () => orUnavailable(response, () => showProduct(clients, product, response)));
    } else if (request.method === 'POST' && request.url === '/checkout') {
      void withServerSpan('/checkout', request, response, () => orUnavailable(response, () => checkout(clients, request, response)));
    } else if (request.method === 'GET' && request.url === '/') {
      send(response, 200, { shop: 'GET /products/1 shows a product, POST /checkout buys it' });
    } else {
      send(response, 404, { error: 'GET /products/:id or POST /checkout' });
    }
  });
  const port = await listen(server, wantedPort);
  const stop = async (): Promise<void> => {
    // A connection that is cut tells its response a moment later, and only then is the span of the request over.
    const closed = [...open].map((response) => new Promise((resolve) => response.once('close', resolve)));
    await Promise.all([closeServer(server), ...closed]);
  };
  return { port, url: `http://localhost:${port}`, stop };
}

async function showProduct(clients: Clients, product: string, response: ServerResponse): Promise<void> {
  const [stock, price] = await Promise.all([clients.getStock(product), clients.getPrice(product)]);
  const cents = price.ok ? price.value.cents : undefined;
  send(response, 200, { product, inStock: stock.inStock, price: cents === undefined ? 'on request' : cents / 100 });
}

async function checkout(clients: Clients, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  const order = randomUUID();
  await clients.charge(order);
  send(response, 201, { order, status: 'paid' });
}

/** An upstream that could not be rescued is this service's 503, with the time to wait where redress knows it. */
async function orUnavailable(response: ServerResponse, handle: () => Promise<void>): Promise<void> {
  try {
    await handle();
  } catch (error) {
    const retryAfter =
      error instanceof CircuitOpenError && Number.isFinite(error.retryAfterMs)
        ? { 'retry-after': Math.ceil(error.retryAfterMs / 1_000) }
        : {};
    send(response, 503, { error: error instanceof Error ? error.message : String(error) }, retryAfter);
  }
}

function send(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, number>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
