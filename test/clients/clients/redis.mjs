import { redisClassifier } from '@redress/core';
import { createClient } from 'redis';
import { startRedis, startReply } from '../servers/redis.mjs';

export const client = {
  name: 'redis',
  strict: redisClassifier,
  needs: 'redis-server',
  start: async (upstream) => {
    const server = await startRedis();
    const loading = await startReply('-LOADING Redis is loading the dataset in memory\r\n');
    const clients = [];
    const client = async ({ port = server.port, ...more } = {}) => {
      const made = createClient({
        socket: { host: '127.0.0.1', port, reconnectStrategy: false, connectTimeout: 200 },
        password: 'secret',
        disableClientInfo: true,
        ...more,
      });
      made.on('error', () => undefined);
      clients.push(made);
      await made.connect();
      return made;
    };
    const killed = async () => {
      const redis = await client();
      const waiting = redis.blPop('never', 0);
      waiting.catch(() => undefined);
      await (await client()).sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
      return waiting;
    };
    const wrongType = async () => {
      const redis = await client();
      await redis.set('words', 'x');
      return redis.lPush('words', '1');
    };
    const closed = async () => {
      const redis = await client();
      redis.destroy();
      return redis.get('a');
    };
    return {
      situations: [
        {
          happened: 'connection refused',
          run: () => client({ port: upstream.closedPort }),
          then: ['TRANSIENT', 'ECONNREFUSED', undefined, true],
        },
        { happened: 'connection lost while a command waits', run: killed, then: ['TRANSIENT', 'SocketClosedUnexpectedlyError'] },
        { happened: 'a command on a closed client', run: closed, then: ['TRANSIENT', 'ClientClosedError'] },
        {
          happened: 'loading its data',
          run: async () => (await client({ port: loading.port, password: undefined })).get('a'),
          then: ['TRANSIENT', 'LOADING', undefined, true],
        },
        { happened: 'no password', run: async () => (await client({ password: undefined })).get('a'), then: ['AUTH', 'NOAUTH'] },
        { happened: 'wrong password', run: () => client({ password: 'wrong' }), then: ['AUTH', 'WRONGPASS'] },
        { happened: 'wrong type', run: wrongType, then: ['PERMANENT', 'WRONGTYPE'] },
        { happened: 'unknown command', run: async () => (await client()).sendCommand(['NONSENSE']), then: ['PERMANENT', 'ERR'] },
      ],
      stop: async () => {
        for (const each of clients) if (each.isOpen) each.destroy();
        loading.stop();
        await server.stop();
      },
    };
  },
};
