import { MongoClient } from 'mongodb';

export const client = {
  name: 'mongodb',
  start: (upstream) => {
    const clients = [];
    const find = (port, more) => async () => {
      const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
        serverSelectionTimeoutMS: 300,
        connectTimeoutMS: 100,
        ...more,
      });
      clients.push(client);
      return client.db('shop').collection('stock').findOne({});
    };
    return {
      situations: [
        {
          happened: 'connection refused',
          run: find(upstream.closedPort),
          then: ['TRANSIENT', 'MongoServerSelectionError', undefined, true],
        },
        {
          happened: 'no answer in time',
          run: find(upstream.silentPort),
          then: ['TRANSIENT', 'MongoServerSelectionError', undefined, true],
        },
      ],
      stop: () => Promise.all(clients.map((client) => client.close())),
    };
  },
};
