import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '../../docs/telemetry.md'), 'utf8');
const fenced = (info: string) => [...page.matchAll(new RegExp(`^\`\`\`${info}\\n(.*)\\n\`\`\`$`, 'gm'))].map(([, query = '']) => query);
const queries = fenced('promql');

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
  /** What fallbacks answered for. */
  stoodIn: queryOf(5),
  budget: queryOf(6),
  /** Events, with the first of each kind. */
  firstOfItsKind: queryOf(7),
  wasted: queryOf(8),
};

/** Queries that differ where the unit is in a metric's name, as behind a Collector. */
export const OTLP_QUERIES: readonly string[] = fenced('promql otlp');

/** The alert on circuits. */
export const ALERT: string = fenced('promql alert')[0] ?? '';
