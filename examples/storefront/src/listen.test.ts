import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { closeServer, listen } from './listen.js';

const servers: Server[] = [];

function aServer(): Server {
  const server = createServer();
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map(closeServer));
});

describe('listen', () => {
  it('takes any port when 0 is wanted', async () => {
    expect(await listen(aServer(), 0)).toBeGreaterThan(0);
  });

  it('takes the port that is wanted and free, and another one when it is taken', async () => {
    const first = aServer();
    const wanted = await listen(first, 0);
    const second = await listen(aServer(), wanted);
    expect(second).not.toBe(wanted);
    await closeServer(first);
    expect(await listen(aServer(), wanted)).toBe(wanted);
  });

  it('passes over neighbours that are taken too', async () => {
    const wanted = await listen(aServer(), 0);
    const ports = [wanted, await listen(aServer(), wanted), await listen(aServer(), wanted), await listen(aServer(), wanted)];
    expect(new Set(ports).size).toBe(4);
  });

  it('closes a server whose client stays connected', async () => {
    const server = aServer();
    const port = await listen(server, 0);
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(20) }).catch(() => undefined);
    expect(response).toBeUndefined();
    const closed = once(server, 'close');
    await closeServer(server);
    await closed;
    expect(server.listening).toBe(false);
  });
});
