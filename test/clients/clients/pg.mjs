import { postgresClassifier } from '@redress/core';
import pg from 'pg';
import { startPostgres } from '../servers/postgres.mjs';

export const client = {
  name: 'pg',
  strict: postgresClassifier,
  needs: 'postgres',
  start: async (upstream) => {
    const server = await startPostgres();
    const open = [];
    const connect = async (more) => {
      const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'shop', database: 'postgres', ...more });
      client.on('error', () => undefined);
      open.push(client);
      await client.connect();
      return client;
    };
    const admin = await connect();
    await admin.query(
      "create table stock (sku text primary key, left_over int check (left_over >= 0)); insert into stock values ('a', 1), ('b', 1)",
    );
    await admin.query("create role nobody login; create role reader login password 'secret'");
    const query = (text, more) => async () => {
      const client = await connect(more);
      try {
        return await client.query(text);
      } finally {
        client.end().catch(() => undefined);
      }
    };
    const endAll = (clients) => Promise.all(clients.map((client) => client.end()));
    /** Two transactions that each wait for the other. */
    const deadlock = async () => {
      const [one, other] = await Promise.all([connect(), connect()]);
      await Promise.all([one, other].map((client) => client.query("begin; set local deadlock_timeout = '50ms'")));
      await one.query("update stock set left_over = 2 where sku = 'a'");
      await other.query("update stock set left_over = 2 where sku = 'b'");
      const both = await Promise.allSettled([
        one.query("update stock set left_over = 3 where sku = 'b'"),
        other.query("update stock set left_over = 3 where sku = 'a'"),
      ]);
      await endAll([one, other]);
      throw both.find(({ status }) => status === 'rejected').reason;
    };
    const serialization = async () => {
      const [one, other] = await Promise.all([connect(), connect()]);
      for (const client of [one, other]) await client.query('begin isolation level serializable; select sum(left_over) from stock');
      for (const [client, sku] of [
        [one, 'c'],
        [other, 'd'],
      ])
        await client.query(`insert into stock select '${sku}', sum(left_over) from stock`);
      await one.query('commit');
      try {
        return await other.query('commit');
      } finally {
        await endAll([one, other]);
      }
    };
    const locked = async () => {
      const [one, other] = await Promise.all([connect(), connect()]);
      await one.query("begin; select * from stock where sku = 'a' for update");
      try {
        return await other.query("select * from stock where sku = 'a' for update nowait");
      } finally {
        await endAll([one, other]);
      }
    };
    const killed = async () => {
      const victim = await connect();
      const { rows } = await victim.query('select pg_backend_pid() as pid');
      const waiting = victim.query('select pg_sleep(10)');
      waiting.catch(() => undefined);
      await admin.query(`select pg_terminate_backend(${rows[0].pid})`);
      return waiting;
    };
    const crowd = async () => {
      const clients = [];
      try {
        for (;;) clients.push(await connect({ user: 'nobody' }));
      } finally {
        for (const client of clients) await client.end().catch(() => undefined);
      }
    };
    return {
      situations: [
        {
          happened: 'connection refused',
          run: query('select 1', { port: upstream.closedPort }),
          then: ['TRANSIENT', 'ECONNREFUSED', undefined, true],
        },
        {
          happened: 'no answer to the connection in time',
          run: query('select 1', { port: upstream.silentPort, connectionTimeoutMillis: 100 }),
          then: ['TRANSIENT', 'Error'],
        },
        {
          happened: 'a query that its client gave up',
          run: query('select pg_sleep(5)', { query_timeout: 100 }),
          then: ['TRANSIENT', 'Error'],
        },
        {
          happened: 'a query that the server gave up',
          run: query('set statement_timeout = 50; select pg_sleep(5)'),
          then: ['TRANSIENT', '57014'],
        },
        { happened: 'connection terminated by an operator', run: killed, then: ['TRANSIENT', '57P01'] },
        { happened: 'too many connections', run: crowd, then: ['TRANSIENT', '53300', undefined, true] },
        { happened: 'deadlock', run: deadlock, then: ['CONCURRENCY', '40P01'] },
        { happened: 'serialization failure', run: serialization, then: ['CONCURRENCY', '40001'] },
        { happened: 'locked by another', run: locked, then: ['CONCURRENCY', '55P03'] },
        { happened: 'no such role', run: query('select 1', { user: 'stranger' }), then: ['AUTH', '28000'] },
        { happened: 'no right', run: query('select * from stock', { user: 'nobody' }), then: ['PERMISSION', '42501'] },
        { happened: 'no such database', run: query('select 1', { database: 'nowhere' }), then: ['PERMANENT', '3D000'] },
        { happened: 'duplicate key', run: query("insert into stock values ('a', 1)"), then: ['PERMANENT', '23505'] },
        { happened: 'a check that fails', run: query("insert into stock values ('z', -1)"), then: ['PERMANENT', '23514'] },
        { happened: 'syntax error', run: query('selekt 1'), then: ['PERMANENT', '42601'] },
        { happened: 'division by zero', run: query('select 1/0'), then: ['PERMANENT', '22012'] },
      ],
      stop: async () => {
        for (const client of open) await client.end().catch(() => undefined);
        await server.stop();
      },
    };
  },
};
