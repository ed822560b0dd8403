import { loadPeer } from './peer.js';
import { succeed } from './loop.js';

/** What lets a hundred calls run at once, with room for the one that comes. */
export async function bulkheadPeers() {
  const [limit, cockatiel] = await Promise.all([loadPeer('p-limit'), loadPeer('cockatiel')]);
  const limited = limit.module.default(100);
  const bulkhead = cockatiel.module.bulkhead(100, 100);
  return [
    { title: limit.title, options: 'pLimit(100)', run: () => limited(succeed) },
    { title: cockatiel.title, options: 'bulkhead(100, 100)', run: () => bulkhead.execute(succeed) },
  ];
}
