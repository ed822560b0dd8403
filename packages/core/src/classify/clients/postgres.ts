import type { ErrorClass } from '../../model/ErrorClass.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';
import { classOfSqlState, isSqlState, sqlStateUnprocessed } from './sqlState.js';

/** Of postgres.js, which writes its own codes (https://github.com/porsager/postgres#connection-errors). */
const CODES = /* @__PURE__ */ words({
  TRANSIENT: 'CONNECTION_CLOSED CONNECTION_ENDED CONNECTION_DESTROYED CONNECT_TIMEOUT',
  AUTH: 'SASL_SIGNATURE_MISMATCH',
  PERMANENT: 'MAX_PARAMETERS_EXCEEDED UNDEFINED_VALUE NOT_TAGGED_CALL AUTH_TYPE_NOT_IMPLEMENTED',
});

/** Of pg and pg-pool, which have no code for these (pg: lib/client.js; pg-pool: index.js). */
const MESSAGES: readonly (readonly [RegExp, ErrorClass])[] = [
  [/^Connection terminated( unexpectedly| due to connection timeout)?$/, 'TRANSIENT'],
  [/^(timeout expired|timeout exceeded when trying to connect|Query read timeout)$/, 'TRANSIENT'],
  [/^Client (has encountered a connection error|was closed) and is not queryable$/, 'TRANSIENT'],
  [/^(Cannot use a pool after calling end on the pool|The server does not support SSL connections)$/, 'PERMANENT'],
];

/** pg, postgres.js and what is built on them: a SQLSTATE on `code`, beside a severity or routine. */
export function postgres({ error, name, code }: ErrorFacts): Meaning | undefined {
  if (isSqlState(code) && isDatabaseError(error, name)) {
    const errorClass = classOfSqlState(code);
    return errorClass && { errorClass, type: code, unprocessed: sqlStateUnprocessed(code) };
  }
  if (typeof code === 'string') {
    const errorClass = CODES.get(code);
    return errorClass && { errorClass, type: code, unprocessed: code === 'CONNECT_TIMEOUT' || undefined };
  }
  const message = code === undefined ? read(error, 'message') : undefined;
  const errorClass = typeof message === 'string' ? MESSAGES.find(([pattern]) => pattern.test(message))?.[1] : undefined;
  return errorClass && { errorClass };
}

function isDatabaseError(error: unknown, name: string | undefined): boolean {
  return (
    typeof read(error, 'severity') === 'string' ||
    typeof read(error, 'routine') === 'string' ||
    name === 'PostgresError' ||
    name === 'DatabaseError' ||
    name === 'error'
  );
}
