import { createServer, connect } from 'node:net';
import { once } from 'node:events';

/** Sends one line and reads one. */
const ask = (options, line) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', ...options }, () => socket.write(line));
    socket.on('error', reject);
    socket.on('data', (answer) => {
      socket.destroy();
      resolve(answer);
    });
  });

export const client = {
  name: "Node's net",
  start: async (upstream) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.resetAndDestroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      situations: [
        {
          happened: 'connection refused',
          run: () => ask({ port: upstream.closedPort }, 'a\n'),
          then: ['TRANSIENT', 'ECONNREFUSED', undefined, true],
        },
        {
          happened: 'name not found',
          run: () => ask({ port: 1, host: 'nowhere.invalid', lookup: upstream.lookup }, 'a\n'),
          then: ['TRANSIENT', 'ENOTFOUND', undefined, true],
        },
        {
          happened: 'no socket at this path',
          run: () => ask({ path: '/nowhere/of/redress.sock' }, 'a\n'),
          then: ['TRANSIENT', 'ENOENT', undefined, true],
        },
        {
          happened: 'connection reset',
          run: () => ask({ port: server.address().port }, 'a\n'),
          then: ['TRANSIENT', 'ECONNRESET'],
        },
      ],
      stop: () => void server.close(),
    };
  },
};
