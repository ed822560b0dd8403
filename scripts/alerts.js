/**
 * Makes of ops/rules/source.yaml the rules for both namings, and docs/alerts.md. `--check` writes nothing and fails when one is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { behindCollector, collectorNames } from './alerts/collectorNames.js';

const pathOf = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const read = (file) => {
  try {
    return readFileSync(pathOf(file), 'utf8');
  } catch {
    return '';
  }
};

const PAGE = 'https://github.com/redress/redress/blob/main/docs/alerts.md';
const names = collectorNames(parse(read('semconv/redress.yaml')).groups);
const { alerts } = parse(read('ops/rules/source.yaml'));

const anchorOf = (alert) => alert.toLowerCase();

function rulesFor(rename, route) {
  const rules = alerts.map(({ alert, severity, for: forMs, expr, summary, means, do: advice }) => ({
    alert,
    expr: rename(expr),
    ...(forMs === undefined ? {} : { for: forMs }),
    labels: { severity },
    annotations: { summary, description: `${means} ${advice}`, runbook_url: `${PAGE}#${anchorOf(alert)}` },
  }));
  const banner = `# Made by scripts/alerts.js from ops/rules/source.yaml; edit that instead. Metrics by ${route}.\n`;
  return banner + stringify({ groups: [{ name: 'redress', rules }] }, { lineWidth: 0 });
}

function section({ alert, severity, for: forMs, expr, means, do: advice, seen }) {
  const waits = forMs === undefined ? '' : `, after ${forMs}`;
  return [
    `## ${alert}`,
    '',
    `\`severity: ${severity}\`${waits}. ${means}`,
    '',
    `**What to do.** ${advice}`,
    '',
    '```promql',
    expr.trim(),
    '```',
    '',
    `Fires in: ${seen.map((name) => `\`${name}\``).join(', ')}.`,
    '',
  ].join('\n');
}

function page() {
  return `# Alerts

Rules for Prometheus, for whoever is called at night: each says what it means and what to do. Made by \`npm run alerts\` from [ops/rules/source.yaml](../ops/rules/source.yaml); not edited by hand. Take the file that fits the way of your metrics:

| your metrics come by | file |
| --- | --- |
| OpenTelemetry's PrometheusExporter | [redress.rules.yml](../ops/rules/redress.rules.yml) |
| a Collector, or Prometheus' OTLP receiver | [redress.otlp.rules.yml](../ops/rules/redress.otlp.rules.yml) |

\`\`\`yaml
rule_files:
  - redress.rules.yml
\`\`\`

\`severity\` is \`page\` or \`ticket\`: route on it in Alertmanager. Numbers such as 0.005 and 2 are ours; put yours in their place. Expressions below have the exporter's names.

A test runs the library under each of the scenarios named here, records its metrics, and has promtool say which alerts fire in both namings: those that name the scenario, and no other ([scenarios.ts](../test/alerts/scenarios.ts)). A circuit with \`observeOnly\` fires none of the circuit alerts.

${alerts.map(section).join('\n')}`;
}

const files = {
  'ops/rules/redress.rules.yml': rulesFor((expr) => expr, "OpenTelemetry's PrometheusExporter"),
  'ops/rules/redress.otlp.rules.yml': rulesFor((expr) => behindCollector(expr, names), "a Collector or Prometheus' OTLP receiver"),
  'docs/alerts.md': page(),
};
const stale = Object.keys(files).filter((file) => read(file) !== files[file]);
if (process.argv.includes('--check')) {
  for (const file of stale) console.error(`${file} is stale: npm run alerts`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const file of stale) writeFileSync(pathOf(file), files[file]);
  console.log(stale.length === 0 ? 'nothing to write' : `wrote ${stale.join(', ')}`);
}
