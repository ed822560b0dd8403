/** What a rate limiter costs a call that it lets through. */
import { measureGate } from '../subjects/throughGate.js';

await measureGate('a rate limiter', { rateLimiter: { limit: 1e9, burst: 1e9 } }, 'rateLimiter.limit and burst 1e9');
