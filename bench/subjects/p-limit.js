import { succeed } from './loop.js';
import { loadPeer } from './peer.js';

const { module, title } = await loadPeer('p-limit');
const limit = module.default(100);

/** A bulkhead that always has a place. */
export const bulkhead = { title, run: () => limit(succeed), options: 'pLimit(100)' };
