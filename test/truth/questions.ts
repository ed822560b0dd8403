import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '../../docs/telemetry.md'), 'utf8');
const queries = [...page.matchAll(/^```promql\n(.*)\n```$/gm)].map(([, query = '']) => query);

function queryOf(index: number): (range: string) => string {
  const query = queries[index];
  if (query === undefined) throw new Error(`docs/telemetry.md has ${queries.length} queries`);
  return (range) => query.replaceAll(/\[\w+\]/g, `[${range}]`).replaceAll(/offset \w+/g, `offset ${range}`);
}

/** The queries of docs/telemetry.md, for a range such as `5m`. */
export const QUESTIONS = {
  amplification: queryOf(0),
  backoff: queryOf(1),
  rescues: queryOf(2),
  openTime: queryOf(3),
  refusals: queryOf(4),
  budget: queryOf(5),
  /** Events, with the first of each kind. */
  firstOfItsKind: queryOf(6),
};
