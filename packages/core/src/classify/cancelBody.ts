import { read } from './read.js';

interface CancellableBody {
  cancel?(): unknown;
  on?(event: 'error', listener: () => void): unknown;
  destroy?(): unknown;
}

/**
 * Lets go of a body that nobody will read, so that its connection is free again: of a response, or of the one that hangs on an error, as
 * its `response.data`, `response.body` or `body`. Cancels a web stream, destroys a Node stream. A body that is being read, or that objects,
 * is left alone. Never throws, and leaves no rejection behind.
 */
export function cancelBody(failed: unknown): void {
  if ((typeof failed !== 'object' || failed === null) && typeof failed !== 'function') return;
  letGo(read(failed, 'body'));
  const response = read(failed, 'response');
  if (response === undefined || response === null) return;
  letGo(read(response, 'body'));
  letGo(read(response, 'data'));
}

function letGo(stream: unknown): void {
  // Seen structurally: web streams come from fetch, Node streams from node-fetch and the like.
  const body = stream as CancellableBody | null | undefined;
  try {
    if (typeof body?.cancel === 'function') Promise.resolve(body.cancel()).then(undefined, ignore);
    else if (typeof body?.destroy === 'function') {
      body.on?.('error', ignore); // a stream destroyed before its end may say so
      body.destroy();
    }
  } catch {
    // It was not ours to let go of.
  }
}

function ignore(): void {}
