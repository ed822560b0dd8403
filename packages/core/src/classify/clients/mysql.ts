import type { ErrorClass } from '../../model/ErrorClass.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, numbers, words } from './Client.js';
import { classOfSqlState, isSqlState } from './sqlState.js';

/**
 * Server errors by name, without `ER_` (https://dev.mysql.com/doc/mysql-errors/9.4/en/server-error-reference.html), and those that the
 * connectors of MariaDB make (mariadb: lib/misc/errors.js).
 */
const SERVER = /* @__PURE__ */ words({
  TRANSIENT:
    'CON_COUNT_ERROR TOO_MANY_USER_CONNECTIONS SERVER_SHUTDOWN NORMAL_SHUTDOWN SHUTDOWN_COMPLETE NEW_ABORTING_CONNECTION ABORTING_CONNECTION ' +
    'NET_PACKETS_OUT_OF_ORDER NET_READ_ERROR_FROM_PIPE NET_FCNTL_ERROR NET_UNCOMPRESS_ERROR NET_READ_ERROR NET_READ_INTERRUPTED ' +
    'NET_ERROR_ON_WRITE NET_WRITE_INTERRUPTED QUERY_TIMEOUT QUERY_INTERRUPTED STATEMENT_TIMEOUT CONNECTION_KILLED ' +
    'CLIENT_INTERACTION_TIMEOUT OUT_OF_RESOURCES OUTOFMEMORY OUT_OF_SORTMEMORY HOST_IS_BLOCKED OPTION_PREVENTS_STATEMENT READ_ONLY_MODE ' +
    'SERVER_OFFLINE_MODE CANT_CREATE_THREAD HANDSHAKE_ERROR BAD_HOST_ERROR FORCING_CLOSE IPSOCK_ERROR ' +
    'CONNECTION_ALREADY_CLOSED CONNECTION_TIMEOUT CMD_CONNECTION_CLOSED CMD_NOT_EXECUTED_DESTROYED GET_CONNECTION_TIMEOUT ' +
    'PING_TIMEOUT SOCKET_BAD_PORT SOCKET_DESTROYED SOCKET_TIMEOUT SOCKET_UNEXPECTED_CLOSE UNEXPECTED_PACKET',
  CONCURRENCY:
    'LOCK_DEADLOCK LOCK_WAIT_TIMEOUT LOCK_NOWAIT LOCK_ABORTED XA_RBDEADLOCK XA_RBTIMEOUT XA_RBROLLBACK CHECKREAD LOCKING_SERVICE_DEADLOCK LOCKING_SERVICE_TIMEOUT USER_LOCK_DEADLOCK',
  RATE_LIMIT: 'USER_LIMIT_REACHED',
  AUTH: 'ACCESS_DENIED_ERROR ACCESS_DENIED_NO_PASSWORD_ERROR ACCESS_DENIED_CHANGE_USER_ERROR HOST_NOT_PRIVILEGED MUST_CHANGE_PASSWORD MUST_CHANGE_PASSWORD_LOGIN ACCOUNT_HAS_BEEN_LOCKED NOT_SUPPORTED_AUTH_MODE SECURE_TRANSPORT_REQUIRED',
  PERMISSION:
    'DBACCESS_DENIED_ERROR TABLEACCESS_DENIED_ERROR COLUMNACCESS_DENIED_ERROR PROCACCESS_DENIED_ERROR SPECIFIC_ACCESS_DENIED_ERROR ' +
    'KILL_DENIED_ERROR PROXYUSER_ACCESS_DENIED ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK',
  SERVER_ERROR: 'DISK_FULL INTERNAL_ERROR ERROR_ON_READ ERROR_ON_WRITE RECORD_FILE_FULL CRASHED_ON_USAGE CRASHED_ON_REPAIR',
  PERMANENT:
    'DUP_ENTRY DUP_ENTRY_WITH_KEY_NAME NET_PACKET_TOO_LARGE MALFORMED_PACKET POOL_ALREADY_CLOSED NO_DEFAULT_FOR_FIELD DATA_TOO_LONG TRUNCATED_WRONG_VALUE_FOR_FIELD',
});

/** The same by number, for what carries no name that is known. */
const NUMBERS = /* @__PURE__ */ numbers({
  TRANSIENT: [
    1037, 1040, 1041, 1043, 1053, 1077, 1129, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1290, 1317, 1836, 1927, 2006, 2013, 3024, 4031,
  ],
  CONCURRENCY: [1020, 1205, 1213, 1613, 1614, 1689, 3572],
  RATE_LIMIT: [1226],
  AUTH: [1045, 1130, 1251, 1698, 1820, 3118],
  PERMISSION: [1044, 1142, 1143, 1227, 1370],
  SERVER_ERROR: [1021, 1815],
  PERMANENT: [1048, 1054, 1062, 1064, 1146, 1153, 1364, 1366, 1406, 1451, 1452, 1586],
});

/** What mysql2 and mysql say themselves (mysql2 3.15: lib/base/connection.js, lib/base/pool.js). */
const CLIENT = /* @__PURE__ */ words({
  TRANSIENT:
    'CR_SERVER_GONE_ERROR CR_SERVER_LOST CR_CONN_HOST_ERROR CR_CONNECTION_ERROR PROTOCOL_CONNECTION_LOST PROTOCOL_SEQUENCE_TIMEOUT PROTOCOL_PACKETS_OUT_OF_ORDER PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR ' +
    'PROTOCOL_ENQUEUE_AFTER_QUIT PROTOCOL_ENQUEUE_AFTER_DESTROY PROTOCOL_UNEXPECTED_PACKET POOL_CONNLIMIT POOL_ENQUEUELIMIT POOL_NOEXIST POOL_NONEONLINE HANDSHAKE_SSL_ERROR',
  AUTH: 'AUTH_SWITCH_PLUGIN_ERROR MYSQL_CLEAR_PASSWORD_NOT_ENABLED',
  PERMANENT:
    'POOL_CLOSED PROTOCOL_ENQUEUE_HANDSHAKE_TWICE PROTOCOL_INCORRECT_PACKET_SEQUENCE PROTOCOL_STREAM_IN_OBJECT HANDSHAKE_NO_SSL_SUPPORT HANDSHAKE_SECURE_TRANSPORT_REQUIRED HANDSHAKE_UNKNOWN_ERROR',
});

const MESSAGES: readonly (readonly [RegExp, ErrorClass])[] = [
  [/^Can't add new command when connection is in closed state$/, 'TRANSIENT'],
  [/^(No connections available\.|Queue limit reached\.)$/, 'TRANSIENT'],
  [/^Pool is closed\.$/, 'PERMANENT'],
];

/** No connection, or no place for one more. */
const UNPROCESSED: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_HOST_IS_BLOCKED',
  'ER_GET_CONNECTION_TIMEOUT',
  'ER_CONNECTION_TIMEOUT',
  'POOL_CONNLIMIT',
  'POOL_ENQUEUELIMIT',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'PROTOCOL_ENQUEUE_AFTER_QUIT',
]);

/** mysql2, mysql and mariadb: a code `ER_…` or `PROTOCOL_…`, or an errno beside a SQLSTATE. */
export function mysql({ error, code }: ErrorFacts): Meaning | undefined {
  const type = typeof code === 'string' ? code : undefined;
  const state = read(error, 'sqlState');
  const errorClass =
    (type === undefined ? undefined : byName(type)) ??
    (isSqlState(state) || type?.startsWith('ER_') === true ? byNumber(error, state) : undefined);
  if (errorClass !== undefined) return { errorClass, type: type ?? String(state), unprocessed: UNPROCESSED.has(type) || undefined };
  const message = type === undefined ? read(error, 'message') : undefined;
  const told = typeof message === 'string' ? MESSAGES.find(([pattern]) => pattern.test(message))?.[1] : undefined;
  return told && { errorClass: told };
}

function byName(code: string): ErrorClass | undefined {
  return code.startsWith('ER_') ? SERVER.get(code.slice(3)) : CLIENT.get(code);
}

function byNumber(error: unknown, state: unknown): ErrorClass | undefined {
  // What ends the connection is over with the next one, unless it is known to be something else.
  return (
    NUMBERS.get(read(error, 'errno')) ??
    (isSqlState(state) ? classOfSqlState(state) : undefined) ??
    (read(error, 'fatal') === true ? 'TRANSIENT' : undefined)
  );
}
