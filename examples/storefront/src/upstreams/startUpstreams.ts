import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.js';
import { upstreamNames, type Fault, type FaultPlan, type UpstreamName } from './Fault.js';
import { seededFaults } from './seededFaults.js';
import { seededUniform } from './seededUniform.js';

/** A request that an upstream has accepted, told before it is answered. */
export interface AcceptedRequest {
  readonly upstream: UpstreamName;
  /** Counts the requests of this upstream from 1. */
  readonly number: number;
  /** The `x-attempt-id` header; undefined when there was none. */
  readonly attemptId: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly fault: Fault;
}

export interface UpstreamsOptions {
  /** What goes wrong with which request. Default: `seededFaults(seed)`. */
  readonly faults?: FaultPlan | undefined;
  /** Seed of the default faults and of the latencies. Default 1. */
  readonly seed?: number | undefined;
  /** Milliseconds a healthy answer takes: at least half of it, at most one and a half. Default 16. */
  readonly latencyMs?: number | undefined;
  /** Called once per accepted request. */
  readonly onRequest?: ((request: AcceptedRequest) => void) | undefined;
}

export interface Upstreams {
  /** Base address of each, without a trailing slash. */
  readonly urls: Readonly<Record<UpstreamName, string>>;
  /** Cuts every connection and frees the ports. */
  stop(): Promise<void>;
}

/** Starts the three upstreams, real HTTP servers on ephemeral ports of the loopback. */
export async function startUpstreams(options: UpstreamsOptions = {}): Promise<Upstreams> {
  const { seed = 1, latencyMs = 16, onRequest } = options;
  const faults = options.faults ?? seededFaults(seed);
  const servers: Server[] = [];

  async function start(upstream: UpstreamName): Promise<string> {
    let count = 0;
    const server = createServer((request, response) => {
      const number = ++count;
      const fault = faults({ upstream, number });
      onRequest?.({ upstream, number, fault, attemptId: attemptIdOf(request), method: request.method ?? '', path: request.url ?? '' });
      answer(
        request,
        response,
        fault,
        latencyMs * (0.5 + seededUniform(seed, 'latency', upstream, number)),
        bodies[upstream](request.url ?? ''),
      );
    });
    // Longer than any pause of the client: a server that closes idle connections first adds resets nobody scripted.
    server.keepAliveTimeout = 120_000;
    servers.push(server);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const [inventory, pricing, payments] = await Promise.all([start(upstreamNames[0]), start(upstreamNames[1]), start(upstreamNames[2])]);
  return {
    urls: { inventory, pricing, payments },
    stop: async () => {
      await Promise.all(servers.map(stopServer));
    },
  };
}

const bodies: Readonly<Record<UpstreamName, (path: string) => object>> = {
  inventory: (path) => ({ product: lastSegment(path), inStock: 7 }),
  pricing: (path) => ({ product: lastSegment(path), cents: 1_999, currency: 'EUR' }),
  payments: () => ({ status: 'paid' }),
};

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function attemptIdOf(request: IncomingMessage): string | undefined {
  const header = request.headers['x-attempt-id'];
  return typeof header === 'string' ? header : undefined;
}

function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
