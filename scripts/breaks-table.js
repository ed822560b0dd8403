/** The breaks of test/breaks/: read, and held against the rules and the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Every rule's id, in the order of rules.yaml. */
export function ruleIds(root) {
  const sections = Object.values(parse(readFileSync(join(root, 'test/rules.yaml'), 'utf8')));
  return sections.flatMap(({ rules }) => rules.map(({ id }) => id));
}

/** Every break: the rule's id, the file, the text in it, and what to put in its place. */
export function readBreaks(root) {
  const folder = join(root, 'test/breaks');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const tables = files.map((name) => parse(readFileSync(join(folder, name), 'utf8')));
  return tables.flatMap((table) => Object.entries(table).flatMap(([id, breaks]) => breaks.map((one) => ({ id, ...one }))));
}

/** How often a text stands in another. */
const countOf = (text, part) => text.split(part).length - 1;

/** What is wrong with the table itself, a line each; empty when nothing is. */
export function problemsOf(ids, breaks, textOf) {
  const known = new Set(ids);
  const broken = new Set(breaks.map(({ id }) => id));
  return [
    ...ids.filter((id) => !broken.has(id)).map((id) => `${id}: no break`),
    ...[...broken].filter((id) => !known.has(id)).map((id) => `${id}: no such rule`),
    ...breaks.flatMap(({ id, file, find, put }) => {
      if (find === put) return [`${id}: changes nothing in ${file}`];
      const count = countOf(textOf(file), find);
      return count === 1 ? [] : [`${id}: stands ${count} times in ${file}, not once: ${find}`];
    }),
  ];
}

/** The files of the tests that prove a rule, out of RULES.md. */
export function testFilesOf(rulesMarkdown, id) {
  const row = rulesMarkdown.split('\n').find((line) => line.startsWith(`| ${id} |`)) ?? '';
  return [...row.matchAll(/\*([^*\s]+\.test\.ts)\*/g)].map(([, file]) => file);
}
