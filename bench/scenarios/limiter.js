/** What a rate limiter costs a call that it lets through; with a peer as argument, the limiter beside that one's. */
import { RateLimiter } from '@redress/core';
import { measureBeside, measureGate } from '../subjects/throughGate.js';

const options = { limit: 1e9, burst: 1e9 };
const described = 'rateLimiter.limit and burst 1e9';
const name = ['rate-limiter-flexible', 'effect'].find((peer) => process.argv.includes(peer));

if (name === undefined) await measureGate('a rate limiter', { rateLimiter: options }, described);
else {
  const { rateLimiter: peer } = await import(`../subjects/${name}.js`);
  const alone = new RateLimiter(options);
  await measureBeside('a rate limiter', peer, { name: 'RateLimiter', alone, gate: { rateLimiter: options }, described });
}
