import { mysqlClassifier } from '@redress/core';
import mysql from 'mysql2/promise';
import mysqlCallback from 'mysql2';

/** mysql2's own server end: it speaks MySQL, and says what is asked for. */
async function startPeer() {
  const answers = {
    deadlock: [1213, '40001', 'Deadlock found when trying to get lock'],
    'lock wait': [1205, 'HY000', 'Lock wait timeout exceeded'],
    duplicate: [1062, '23000', 'Duplicate entry'],
    syntax: [1064, '42000', 'You have an error in your SQL syntax'],
    denied: [1142, '42000', 'SELECT command denied to user'],
    'read only': [1290, 'HY000', 'The MySQL server is running with the --read-only option'],
  };
  const server = mysqlCallback.createServer();
  server.on('connection', (connection) => {
    connection.on('error', () => undefined);
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.0',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 8,
      capabilityFlags: 0xffffff ^ 0x800,
      authCallback: ({ user }, done) =>
        done(
          null,
          user === 'stranger'
            ? { message: 'Access denied for user', code: 1045 }
            : user === 'crowd'
              ? { message: 'Too many connections', code: 1040 }
              : undefined,
        ),
    });
    connection.on('query', (text) => {
      if (text === 'hang') return;
      if (text === 'drop') return connection.stream.destroy();
      const [code, , message] = answers[text] ?? [1105, 'HY000', 'unknown'];
      connection.writeError({ code, message });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server._server.address().port, stop: () => server.close(() => undefined) };
}

export const client = {
  name: 'mysql2',
  strict: mysqlClassifier,
  start: async (upstream) => {
    const peer = await startPeer();
    const open = [];
    const query = (sql, more, options) => async () => {
      const connection = await mysql.createConnection({ host: '127.0.0.1', port: peer.port, user: 'shop', connectTimeout: 300, ...more });
      connection.on('error', () => undefined);
      open.push(connection);
      return connection.query({ sql, ...options });
    };
    return {
      situations: [
        {
          happened: 'connection refused',
          run: query('x', { port: upstream.closedPort }),
          then: ['TRANSIENT', 'ECONNREFUSED', undefined, true],
        },
        {
          happened: 'no answer to the connection in time',
          run: query('x', { port: upstream.silentPort }),
          then: ['TRANSIENT', 'ETIMEDOUT', undefined, true],
        },
        { happened: 'connection lost', run: query('drop'), then: ['TRANSIENT', 'PROTOCOL_CONNECTION_LOST'] },
        {
          happened: 'a query that its client gave up',
          run: query('hang', {}, { timeout: 100 }),
          then: ['TRANSIENT', 'PROTOCOL_SEQUENCE_TIMEOUT'],
        },
        { happened: 'deadlock', run: query('deadlock'), then: ['CONCURRENCY', 'ER_LOCK_DEADLOCK'] },
        { happened: 'lock wait timeout', run: query('lock wait'), then: ['CONCURRENCY', 'ER_LOCK_WAIT_TIMEOUT'] },
        { happened: 'replica after a failover', run: query('read only'), then: ['TRANSIENT', 'ER_OPTION_PREVENTS_STATEMENT'] },
        { happened: 'wrong password', run: query('x', { user: 'stranger' }), then: ['AUTH', 'ER_ACCESS_DENIED_ERROR'] },
        {
          happened: 'too many connections',
          run: query('x', { user: 'crowd' }),
          then: ['TRANSIENT', 'ER_CON_COUNT_ERROR', undefined, true],
        },
        { happened: 'no right', run: query('denied'), then: ['PERMISSION', 'ER_TABLEACCESS_DENIED_ERROR'] },
        { happened: 'duplicate entry', run: query('duplicate'), then: ['PERMANENT', 'ER_DUP_ENTRY'] },
        { happened: 'syntax error', run: query('syntax'), then: ['PERMANENT', 'ER_PARSE_ERROR'] },
      ],
      stop: () => {
        for (const connection of open) connection.destroy();
        peer.stop();
      },
    };
  },
};
