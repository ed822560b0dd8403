import { grpcClassifier } from '@redress/core';
import { Client, credentials, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';

const asIs = (bytes) => bytes;
const METHOD = {
  path: '/shop.Stock/Get',
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};

export const client = {
  name: '@grpc/grpc-js',
  strict: grpcClassifier,
  start: async (upstream) => {
    const server = new Server();
    server.addService(
      { get: METHOD },
      {
        get: (call, answer) => {
          const [asked] = call.metadata.get('code');
          if (asked === undefined) return;
          const trailers = new Metadata();
          const [wait] = call.metadata.get('wait');
          if (wait !== undefined) trailers.set('grpc-retry-pushback-ms', String(wait));
          answer({ code: Number(asked), details: 'asked for', metadata: trailers });
        },
      },
    );
    const port = await new Promise((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    const clients = [];
    const call = (to, metadata = {}, deadlineMs = 2_000, cancelMs) => {
      const client = new Client(`127.0.0.1:${to}`, credentials.createInsecure());
      clients.push(client);
      const headers = new Metadata();
      for (const [name, value] of Object.entries(metadata)) headers.set(name, String(value));
      return new Promise((resolve, reject) => {
        const made = client.makeUnaryRequest(
          METHOD.path,
          asIs,
          asIs,
          Buffer.alloc(0),
          headers,
          { deadline: Date.now() + deadlineMs },
          (error, value) => (error ? reject(error) : resolve(value)),
        );
        if (cancelMs !== undefined) setTimeout(() => made.cancel(), cancelMs);
      });
    };
    const told = (name, then, wait) => ({
      happened: `${name}, by the server${wait === undefined ? '' : ', with a pushback'}`,
      run: () => call(port, { code: status[name], ...(wait === undefined ? {} : { wait }) }),
      then,
    });
    return {
      situations: [
        { happened: 'connection refused', run: () => call(upstream.closedPort), then: ['TRANSIENT', 'UNAVAILABLE', undefined, true] },
        { happened: 'no answer in time', run: () => call(port, {}, 100), then: ['TRANSIENT', 'DEADLINE_EXCEEDED'] },
        { happened: 'cancelled by its caller', run: () => call(port, {}, 2_000, 30), then: ['ABORTED'] },
        {
          happened: 'an answer that is not HTTP/2',
          run: () => call(new URL(upstream.url('')).port, {}, 300),
          then: ['TRANSIENT', 'UNAVAILABLE', undefined, true],
        },
        told('UNAVAILABLE', ['TRANSIENT', 'UNAVAILABLE']),
        told('RESOURCE_EXHAUSTED', ['RATE_LIMIT', 'RESOURCE_EXHAUSTED', 700, true], 700),
        told('ABORTED', ['CONCURRENCY', 'ABORTED']),
        told('UNAUTHENTICATED', ['AUTH', 'UNAUTHENTICATED']),
        told('PERMISSION_DENIED', ['PERMISSION', 'PERMISSION_DENIED']),
        told('INVALID_ARGUMENT', ['PERMANENT', 'INVALID_ARGUMENT']),
        told('NOT_FOUND', ['PERMANENT', 'NOT_FOUND']),
        told('INTERNAL', ['SERVER_ERROR', 'INTERNAL']),
      ],
      stop: () => {
        for (const client of clients) client.close();
        server.forceShutdown();
      },
    };
  },
};
