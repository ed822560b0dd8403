import { redisClassifier } from '@redress/core';
import { Redis } from 'ioredis';
import { startRedis, startReply } from '../servers/redis.mjs';

export const client = {
  name: 'ioredis',
  strict: redisClassifier,
  needs: 'redis-server',
  start: async (upstream) => {
    const server = await startRedis();
    const loading = await startReply('-LOADING Redis is loading the dataset in memory\r\n');
    const replica = await startReply("-READONLY You can't write against a read only replica.\r\n");
    const clients = [];
    const client = (more) => {
      const made = new Redis({
        host: '127.0.0.1',
        port: server.port,
        password: 'secret',
        maxRetriesPerRequest: 0,
        retryStrategy: () => null,
        enableReadyCheck: false,
        ...more,
      });
      made.on('error', () => undefined);
      clients.push(made);
      return made;
    };
    const wrongType = async () => {
      const redis = client();
      await redis.set('text', 'x');
      return redis.lpush('text', 1);
    };
    const killed = async () => {
      const redis = client();
      await redis.ping();
      const waiting = redis.blpop('never', 0);
      // It may fail before anybody waits for it.
      waiting.catch(() => undefined);
      await client().call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      return waiting;
    };
    return {
      situations: [
        { happened: 'connection refused', run: () => client({ port: upstream.closedPort }).ping(), then: ['TRANSIENT', 'Error'] },
        {
          happened: 'a command that is not answered in time',
          run: () => client({ port: upstream.silentPort, commandTimeout: 100, password: undefined }).ping(),
          then: ['TRANSIENT', 'Error'],
        },
        { happened: 'connection lost while a command waits', run: killed, then: ['TRANSIENT', 'Error'] },
        {
          happened: 'loading its data',
          run: () => client({ port: loading.port, password: undefined }).get('a'),
          then: ['TRANSIENT', 'LOADING', undefined, true],
        },
        {
          happened: 'replica after a failover',
          run: () => client({ port: replica.port, password: undefined }).set('a', 1),
          then: ['TRANSIENT', 'READONLY', undefined, true],
        },
        { happened: 'no password', run: () => client({ password: undefined }).get('a'), then: ['AUTH', 'NOAUTH'] },
        { happened: 'wrong type', run: wrongType, then: ['PERMANENT', 'WRONGTYPE'] },
        { happened: 'unknown command', run: () => client().call('NONSENSE'), then: ['PERMANENT', 'ERR'] },
      ],
      stop: async () => {
        for (const each of clients) each.disconnect();
        loading.stop();
        replica.stop();
        await server.stop();
      },
    };
  },
};
