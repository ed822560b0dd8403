import { succeed } from './loop.js';
import { loadPeer } from './peer.js';

const { module, title } = await loadPeer('lru-cache');
const entries = new module.LRUCache({ max: 1_000, ttl: 60_000, fetchMethod: succeed });

/** A cache that calls the function once for each key that it has not. */
export const cache = { title, run: (key) => entries.fetch(key), options: 'max 1_000, ttl 60_000, fetchMethod' };
