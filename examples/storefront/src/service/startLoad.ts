import { Agent, request } from 'node:http';

/** How many requests a second the load sends, at speed 1. */
const rates = { products: 7, checkouts: 5 };
/** More requests than this are never under way; what is due then is left out. */
const maxInFlight = 200;

/** Sends requests to the storefront at a steady rate, until the function given back is called. */
export function startLoad(url: string, speed: number): () => void {
  const agent = new Agent({ keepAlive: true });
  let inFlight = 0;
  let count = 0;

  // Not by fetch, which is instrumented: a customer's browser does not share the shop's telemetry.
  function send(method: string, path: string): void {
    if (inFlight >= maxInFlight) {
      return;
    }
    inFlight++;
    const sent = request(`${url}${path}`, { method, agent }, (response) => response.resume());
    sent.on('error', () => undefined);
    sent.on('close', () => inFlight--);
    sent.end();
  }

  const timers = [
    setInterval(() => send('GET', `/products/${1 + (count++ % 40)}`), 1_000 / (rates.products * speed)),
    setInterval(() => send('POST', '/checkout'), 1_000 / (rates.checkouts * speed)),
  ];
  return () => {
    timers.forEach(clearInterval);
    agent.destroy();
  };
}
