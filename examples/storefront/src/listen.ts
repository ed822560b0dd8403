import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How many ports above the wanted one are tried before the system chooses. */
const neighbours = 9;

/**
 * Listens on the loopback at the wanted port; when that is taken, at the next free one above it, else at any.
 * 0 is any port. Answers with the port it got.
 */
export async function listen(server: Server, wanted: number): Promise<number> {
  const candidates =
    wanted === 0 ? [0] : [...Array.from({ length: neighbours + 1 }, (_, i) => wanted + i).filter((port) => port <= 65_535), 0];
  for (const port of candidates) {
    if (await listenAt(server, port)) {
      return (server.address() as AddressInfo).port;
    }
  }
  throw new Error('no port of the loopback is free');
}

/** False when the port is taken or not ours to take; any other error is thrown. */
function listenAt(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.removeListener('listening', onListening);
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
        resolve(false);
      } else {
        reject(error);
      }
    };
    const onListening = (): void => {
      server.removeListener('error', onError);
      resolve(true);
    };
    server.once('error', onError).once('listening', onListening).listen(port, '127.0.0.1');
  });
}

/** Closes a server and cuts what is connected to it. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
