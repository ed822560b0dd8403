import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultClassifier } from '../defaultClassifier.js';
import { errorTypeOf } from '../errorTypeOf.js';
import { type ClientError, clientErrors } from '../fixtures/clientErrors/index.js';
import { hostileErrors } from '../fixtures/hostileErrors.js';
import { provesNotProcessed } from '../provesNotProcessed.js';
import { strictClassifier } from '../strictClassifier.js';
import {
  awsClassifier,
  grpcClassifier,
  llmClassifier,
  mysqlClassifier,
  postgresClassifier,
  redisClassifier,
  smtpClassifier,
} from './classifiers.js';

const page = join(__dirname, '../../../../../docs/classes.md');

const INTRO = `# Classes of what clients throw

What the default rule makes of the errors of each client. The test beside [the tables](../packages/core/src/classify/clients) makes this page
from the shapes in [clientErrors](../packages/core/src/classify/fixtures/clientErrors), which are written after the clients' sources and
documentation and were not captured from running clients; those that were are in [clients.md](clients.md): \`UPDATE_DOCS=1 npm test -- packages/core/src/classify/clients\`. The last column is about calls with \`idempotent: false\`, which are
retried only after what proves that nothing was done.
`;

const RETRIED = ['TRANSIENT', 'SERVER_ERROR', 'RATE_LIMIT', 'CONCURRENCY', 'UNKNOWN'];

function rendered(): string {
  const clients = [...new Set(clientErrors.map(({ client }) => client))];
  return [INTRO, ...clients.map((client) => table(client))].join('\n');
}

function table(client: string): string {
  const rows = clientErrors.filter((row) => row.client === client).map(row);
  return [
    `## ${client}\n`,
    '| what happened | class | error.type | wait | retried when not idempotent |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function row({ happened, error, errorClass, retryAfterMs }: ClientError): string {
  const again = RETRIED.includes(errorClass) && provesNotProcessed(error, errorClass);
  return `| ${happened} | \`${errorClass}\` | \`${errorTypeOf(error)}\` | ${retryAfterMs === undefined ? '' : `${retryAfterMs} ms`} | ${again ? 'yes' : 'no'} |`;
}

describe('errors of clients', () => {
  it.each(clientErrors)('[classify.clients] $client, $happened: $errorClass', ({ error, errorClass, retryAfterMs, type, unprocessed }) => {
    const expected = retryAfterMs === undefined ? { errorClass } : { errorClass, retryAfterMs };
    expect(defaultClassifier(error)).toEqual(expected);
    expect(strictClassifier(error)).toEqual(expected);
    if (type !== undefined) expect(errorTypeOf(error)).toBe(type);
    if (unprocessed !== undefined) expect(provesNotProcessed(error, errorClass)).toBe(unprocessed);
  });

  it('stand in the docs', () => {
    if (process.env['UPDATE_DOCS']) writeFileSync(page, rendered());
    expect(readFileSync(page, 'utf8')).toBe(rendered());
  });

  it.each([
    { given: 'five characters that are no SQLSTATE', error: Object.assign(new Error(), { code: '23505' }) },
    { given: 'a number that is no status of gRPC', error: Object.assign(new Error(), { code: 14 }) },
    { given: 'a number of MySQL alone', error: Object.assign(new Error(), { errno: 1213 }) },
    { given: 'a name in capitals that no Redis said', error: new Error('LOADING the truck') },
    { given: 'a code of Mongo on another error', error: Object.assign(new Error(), { code: 112, codeName: 'WriteConflict' }) },
    { given: 'an SMTP reply without a command', error: Object.assign(new Error(), { responseCode: 451 }) },
    { given: 'a name of AWS without its metadata', error: Object.assign(new Error(), { name: 'SlowDown' }) },
    { given: 'a type that node-fetch has on another error', error: Object.assign(new Error(), { type: 'request-timeout' }) },
    { given: 'a quota on an error without a body', error: Object.assign(new Error(), { code: 'insufficient_quota' }) },
  ])('[classify.clients] $given says nothing', ({ error }) => {
    expect(defaultClassifier(error)).toEqual({ errorClass: 'UNKNOWN' });
  });
});

/** What a hostile or broken error may hold where clients look. */
const hostileValues = [
  ...hostileErrors.map(({ error }) => error),
  Number.NaN,
  -1,
  [],
  {},
  new Map(),
  new Proxy([], {
    get: () => {
      throw new Error('hostile');
    },
  }),
];

describe('what holds anything at all', () => {
  const keys = [
    'code',
    'name',
    'message',
    'status',
    'severity',
    'sqlState',
    'errno',
    'errorLabels',
    'type',
    'retriable',
    'responseCode',
    'response',
    'details',
    'metadata',
  ];
  const more = [
    '$metadata',
    '$fault',
    '$retryable',
    'CancellationReasons',
    'error',
    'data',
    'original',
    'errors',
    'config',
    'previousErrors',
    'headers',
    'retryAfter',
    'cause',
  ];

  it.each([...keys, ...more])('[classify.hostile] [classify.clients] in %s, does no harm', (key) => {
    for (const { error } of clientErrors) {
      for (const value of hostileValues) {
        const broken = Object.create(Object.getPrototypeOf(error), {
          ...Object.getOwnPropertyDescriptors(error),
          [key]: { value, enumerable: true },
        });
        const { errorClass } = defaultClassifier(broken);
        if (
          typeof errorClass !== 'string' ||
          typeof errorTypeOf(broken) !== 'string' ||
          typeof provesNotProcessed(broken, errorClass) !== 'boolean'
        ) {
          throw new Error(`no verdict for ${key}`);
        }
      }
    }
  });

  it('[classify.hostile] headers of any shape do none', () => {
    for (const value of hostileValues) {
      for (const headers of [
        value,
        { 'retry-after': value, date: value, 'x-ratelimit-reset': value },
        [['retry-after', value]],
        { get: () => value },
        { entries: () => value },
      ]) {
        expect(defaultClassifier({ status: 429, headers }).errorClass).toBe('RATE_LIMIT');
      }
    }
    const endless = {
      *entries() {
        for (;;) yield 'no pair';
      },
    };
    expect(defaultClassifier({ status: 429, headers: endless })).toEqual({ errorClass: 'RATE_LIMIT' });
  });
});

describe('classifiers of one client', () => {
  it.each([
    { name: 'postgresClassifier', classify: postgresClassifier, clients: ['pg', 'postgres', 'Sequelize', 'TypeORM'] },
    { name: 'mysqlClassifier', classify: mysqlClassifier, clients: ['mysql2'] },
    { name: 'redisClassifier', classify: redisClassifier, clients: ['ioredis', 'redis'] },
    { name: 'grpcClassifier', classify: grpcClassifier, clients: ['@grpc/grpc-js'] },
    { name: 'awsClassifier', classify: awsClassifier, clients: ['AWS SDK'] },
    { name: 'smtpClassifier', classify: smtpClassifier, clients: ['nodemailer'] },
    { name: 'llmClassifier', classify: llmClassifier, clients: ['openai', '@anthropic-ai/sdk'] },
  ])('[classify.client-classifiers] $name knows its own and nobody else', ({ classify, clients }) => {
    let known = 0;
    for (const { client, error, errorClass, happened } of clientErrors) {
      const found = classify(error)?.errorClass;
      if (found !== undefined) known++;
      const wanted = clients.some((one) => one === client) ? [errorClass, undefined] : [undefined];
      expect([client, happened, wanted.includes(found), found]).toEqual([client, happened, true, found]);
    }
    expect(known).toBeGreaterThan(4);
    for (const error of [new TypeError('x'), { status: 503 }, { code: 'ECONNREFUSED' }]) expect(classify(error)).toBeUndefined();
  });

  it.each(hostileErrors)('[classify.hostile] leave $given to the default rule', ({ error }) => {
    const all = [awsClassifier, grpcClassifier, llmClassifier, mysqlClassifier, postgresClassifier, redisClassifier, smtpClassifier];
    for (const classify of all) expect(classify(error)).toBeUndefined();
  });
});
