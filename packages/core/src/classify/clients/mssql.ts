import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, numbers } from './Client.js';

/** Numbers of SQL Server (https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/database-engine-events-and-errors) and Azure SQL. */
const NUMBERS = /* @__PURE__ */ numbers({
  TRANSIENT: [233, 615, 926, 4060, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40540, 40613, 41839, 49918, 49920],
  RATE_LIMIT: [40501, 49919],
  CONCURRENCY: [1204, 1205, 1222, 3960, 41301, 41302, 41305, 41325],
  AUTH: [18452, 18456, 18487, 18488],
  PERMISSION: [229, 230, 297, 300, 916],
  PERMANENT: [102, 105, 207, 208, 245, 515, 547, 2601, 2627, 2628, 8114, 8115, 8134, 8152],
});

/** mssql and tedious: the number of the server, or a login that failed. */
export function mssql({ error, code }: ErrorFacts): Meaning | undefined {
  if (code !== 'EREQUEST' && code !== 'ELOGIN') return undefined;
  const number = read(error, 'number');
  const errorClass = NUMBERS.get(number) ?? (code === 'ELOGIN' ? 'AUTH' : undefined);
  return errorClass && { errorClass, type: typeof number === 'number' ? String(number) : code };
}
