import { Kafka, logLevel } from 'kafkajs';

export const client = {
  name: 'kafkajs',
  start: (upstream) => {
    const send = (port) => async () => {
      const kafka = new Kafka({
        brokers: [`127.0.0.1:${port}`],
        connectionTimeout: 200,
        requestTimeout: 200,
        logLevel: logLevel.NOTHING,
        retry: { retries: 0, initialRetryTime: 10 },
      });
      return kafka.producer({ retry: { retries: 0 } }).connect();
    };
    return {
      situations: [
        { happened: 'connection refused', run: send(upstream.closedPort), then: ['TRANSIENT', 'ECONNREFUSED', undefined, true] },
        { happened: 'no answer in time', run: send(upstream.silentPort), then: ['TRANSIENT', 'KafkaJSRequestTimeoutError'] },
      ],
    };
  },
};
