import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Recorded, SCRAPE_S } from './record.js';

/** A question to the recorded series, and the one number that is its answer. */
export interface Asked {
  readonly expr: string;
  readonly value: number;
  /** Seconds from the start of the record. */
  readonly at: number;
}

/** Those of the alerts of a file of rules that fired at some time of the record. */
export function firedIn(rulesFile: string, series: readonly Recorded[], alerts: readonly string[], at: number): string[] {
  const questionOf = (alert: string): string => `count(count_over_time(ALERTS{alertname='${alert}',alertstate='firing'}[2h])) or vector(0)`;
  const said = ask(
    rulesFile,
    series,
    alerts.map((alert) => ({ expr: questionOf(alert), value: 0, at })),
  );
  // Asked whether it never fired, promtool complains of those that did.
  const fired = alerts.filter((alert) => said.includes(questionOf(alert)));
  if (said !== '' && fired.length === 0) throw new Error(said);
  return fired;
}

/** What promtool says of questions that were not answered so; empty when all were. */
export function ask(rulesFile: string | undefined, series: readonly Recorded[], asked: readonly Asked[]): string {
  const home = mkdtempSync(join(tmpdir(), 'redress-promtool-'));
  try {
    const test = {
      interval: `${SCRAPE_S}s`,
      input_series: series.map((each) => ({ series: seriesOf(each), values: valuesOf(each.values) })),
      promql_expr_test: asked.map(({ expr, value, at }) => ({
        expr,
        eval_time: `${at}s`,
        exp_samples: [{ labels: '{}', value }],
      })),
    };
    const file = join(home, 'test.yml');
    // JSON is YAML.
    writeFileSync(
      file,
      JSON.stringify({ rule_files: rulesFile === undefined ? [] : [rulesFile], evaluation_interval: `${SCRAPE_S}s`, tests: [test] }),
    );
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8', maxBuffer: 1e8 });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function seriesOf({ name, labels }: Recorded): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(',')}}`;
}

/** One value a scrape, `_` for none; the same value several times as `value+0xN`. */
function valuesOf(values: readonly (number | undefined)[]): string {
  const words: string[] = [];
  for (let at = 0; at < values.length; ) {
    const value = values[at];
    let more = 0;
    while (at + more + 1 < values.length && values[at + more + 1] === value) more += 1;
    words.push(value === undefined ? `_x${more + 1}` : `${value}+0x${more}`);
    at += more + 1;
  }
  return words.join(' ');
}
