import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Every connection that this process opens is announced here, whatever protocol goes over it. */
const CHANNEL = 'net.client.socket';

const NOBODY_THERE: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Looks, until stopped, for a connection that nobody takes; for a time in which all connections are the SDK's. */
export function firstRefusal(): { readonly seen: Promise<string>; stop(): void } {
  let onSocket: (message: unknown) => void = () => {};
  const seen = new Promise<string>((resolve) => {
    onSocket = (message) => {
      const { socket } = message as { readonly socket: Socket };
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (NOBODY_THERE.has(error.code)) resolve(error.message || String(error.code));
      });
    };
  });
  subscribe(CHANNEL, onSocket);
  return { seen, stop: () => unsubscribe(CHANNEL, onSocket) };
}
