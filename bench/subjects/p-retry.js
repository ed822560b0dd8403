import { succeed } from './loop.js';
import { loadPeer } from './peer.js';

const { module, title } = await loadPeer('p-retry');
const pRetry = module.default;

export const peer = { title, run: () => pRetry(succeed, { retries: 3 }), options: 'retries 3; no timeout, no breaker' };
