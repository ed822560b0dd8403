/** The figures of the last run, as the block of README.md that `--write` fills. */
import { allowed, number } from './numbers.js';
import { verdictOf } from './spread.js';

const START = '<!-- figures: written by npm run bench -- --write -->';
const END = '<!-- end of figures -->';

const line = (cells) => `| ${cells.join(' | ')} |`;

function rowCell(row) {
  return row === undefined ? '' : number(row.median);
}

function barCell(bar) {
  if (bar === undefined) return '';
  const rest = [`${number(bar.lowest)} to ${number(bar.highest)}`, allowed(bar), verdictOf(bar)].filter(Boolean).join('; ');
  return `**${number(bar.median)}** (${rest})`;
}

/** The names that any of the reports has, each once, in their order. */
const namesOf = (reports, key, list) => [...new Set(reports.flatMap((report) => report?.[list].map((figure) => figure[key]) ?? []))];

/** A scenario's lines: a heading, what its rows cost, its bars. `reports` holds one a Node, undefined where that Node has none. */
function scenarioLines(reports) {
  const { title, unit, skipped } = reports.find((report) => report !== undefined);
  const cells = (key, list, cell) =>
    namesOf(reports, key, list).map((name) =>
      line([name, ...reports.map((report) => cell(report?.[list].find((figure) => figure[key] === name)))]),
    );
  const heading = line([`**${title}**, ${unit}`, ...reports.map((report) => (report?.skipped === undefined ? '' : 'skipped'))]);
  return [
    heading,
    ...(skipped === undefined ? [] : [line([skipped, ...reports.map(() => '')])]),
    ...cells('name', 'rows', rowCell),
    ...cells('what', 'bars', barCell),
  ];
}

/**
 * @param {{
 *   command: string,
 *   processes: number,
 *   machine: string,
 *   nodes: { version: string, reports: object[] }[],
 * }} run `reports` are those of `combine`
 * @returns {string} Markdown
 */
export function renderFigures({ command, processes, machine, nodes }) {
  const titles = [...new Set(nodes.flatMap(({ reports }) => reports.map(({ title }) => title)))];
  const scenarios = titles.map((title) => nodes.map(({ reports }) => reports.find((report) => report.title === title)));
  return [
    `\`${command}\` on ${machine}. Medians over ${processes} ${processes === 1 ? 'process' : 'processes'}; of a bar, the lowest and the highest process too.`,
    '',
    line(['', ...nodes.map(({ version }) => `Node ${version}`)]),
    line(['---', ...nodes.map(() => '---:')]),
    ...scenarios.flatMap(scenarioLines),
  ].join('\n');
}

/** The text with the block between the two marks replaced. */
export function replaceFigures(text, figures) {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start === -1 || end < start) throw new Error(`no block between ${START} and ${END}`);
  return `${text.slice(0, start + START.length)}\n\n${figures}\n\n${text.slice(end)}`;
}
