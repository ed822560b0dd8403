import type { ErrorClass } from '../../model/ErrorClass.js';
import { words } from './Client.js';

/**
 * SQLSTATE: two characters of class and three of subclass (ISO/IEC 9075-2, section 24; https://www.postgresql.org/docs/18/errcodes-appendix.html).
 * A whole state goes before its class.
 */
const STATES = /* @__PURE__ */ words({
  // 25006: a primary that has become a standby; 25P03 to 25P04 and 57P05 end the connection or the transaction by a timeout
  TRANSIENT: '08 53 57 40003 25006 25P03 25P04 70100',
  CONCURRENCY: '40 55P03 55006 72',
  AUTH: '28',
  PERMISSION: '42501',
  SERVER_ERROR: '58 XX',
  PERMANENT: '02 03 07 09 0A 0B 0F 0L 0P 0Z 20 21 22 23 24 25 26 27 2B 2D 2F 34 38 39 3B 3D 3F 40002 42 44 54 55 57P04 F0 P0',
});

/** No connection came about: too many of them, or a server that is starting or going down. */
const UNPROCESSED: ReadonlySet<string> = /* @__PURE__ */ new Set(['08001', '08004', '53300', '57P03']);

/** Whether this is written as a SQLSTATE is. */
export function isSqlState(state: unknown): state is string {
  return typeof state === 'string' && /^[0-9A-Z]{5}$/.test(state);
}

/** The class of a SQLSTATE; undefined for one that says nothing, as HY000. */
export function classOfSqlState(state: string): ErrorClass | undefined {
  return STATES.get(state) ?? STATES.get(state.slice(0, 2));
}

/** Whether a SQLSTATE proves that no statement ran. */
export function sqlStateUnprocessed(state: string): true | undefined {
  return UNPROCESSED.has(state) || undefined;
}
