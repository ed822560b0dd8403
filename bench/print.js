/** The report of a run, for a terminal. */
import { allowed, number } from './numbers.js';
import { verdictOf } from './spread.js';

const column = (value) => (value === undefined ? '' : number(value)).padStart(12);

function rowOf({ name, median, lowest, highest, quiet, options }, isTimed) {
  return `  ${name.padEnd(36)}${[median, lowest, highest].map(column).join('')}${isTimed ? column(quiet) : ''}   ${options}`;
}

function barOf(bar) {
  const verdict = `${verdictOf(bar) ?? 'no bar'}:`.padEnd(7);
  const quiet = bar.quiet === undefined ? '' : `quiet tenth ${number(bar.quiet)}`;
  const rest = [`${number(bar.lowest)} to ${number(bar.highest)}`, quiet, allowed(bar)].filter(Boolean).join('; ');
  return `  ${verdict} ${bar.what}: ${number(bar.median)} (${rest})`;
}

/** One scenario's report, combined over its processes; lines of text. */
export function linesOf({ title, unit, skipped, rows, bars }) {
  if (skipped !== undefined) return [title, `  SKIPPED: ${skipped}`];
  const isTimed = rows.some(({ quiet }) => quiet !== undefined);
  const heads = ['median', 'lowest', 'highest', ...(isTimed ? ['quiet tenth'] : [])].map((head) => head.padStart(12)).join('');
  return [title, `  ${unit.padEnd(36)}${heads}`, ...rows.map((row) => rowOf(row, isTimed)), ...bars.map(barOf)];
}
