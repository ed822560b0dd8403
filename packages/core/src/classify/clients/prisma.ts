import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';
import { classOfSqlState } from './sqlState.js';

/** Codes that are no wrong query (https://www.prisma.io/docs/orm/reference/error-reference); any other P1xxx or P2xxx is one. */
const CODES = /* @__PURE__ */ words({
  TRANSIENT: 'P1001 P1002 P1008 P1017 P2024 P2028 P2037 P5011',
  CONCURRENCY: 'P2034',
  AUTH: 'P1000',
  PERMISSION: 'P1010',
});

/** No connection, or none in the pool in time. */
const UNPROCESSED: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['P1000', 'P1001', 'P1002', 'P2024', 'P2037']);

/** Prisma: its code on `code`, or on `errorCode` where the client could not start; of a raw query the database's, on `meta.code`. */
export function prisma({ error, name, code }: ErrorFacts): Meaning | undefined {
  if (name === undefined || !name.startsWith('PrismaClient')) return undefined;
  const told = typeof code === 'string' ? code : read(error, 'errorCode');
  if (typeof told !== 'string' || !/^P\d{4}$/.test(told)) return undefined;
  if (told === 'P2010') {
    const state = read(read(error, 'meta'), 'code');
    const ofDatabase = typeof state === 'string' ? classOfSqlState(state) : undefined;
    if (ofDatabase !== undefined) return { errorClass: ofDatabase, type: String(state) };
  }
  const errorClass = CODES.get(told) ?? (/^P[12]/.test(told) ? 'PERMANENT' : undefined);
  return errorClass && { errorClass, type: told, unprocessed: UNPROCESSED.has(told) || undefined };
}
