/**
 * Holds test/rules.yaml against the titles of the tests that ran last (`[rule.id] …`) and writes test/RULES.md.
 * `--check` writes nothing and fails on a rule without a test, a title with an unknown id, or a stale RULES.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { matchRules, renderRules } from './rules-table.js';

const read = (path) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');

/** The file's text; empty when there is none yet. */
function readIfThere(path) {
  try {
    return read(path);
  } catch {
    return '';
  }
}

const sections = Object.values(parse(read('test/rules.yaml')));
const { tests } = JSON.parse(read('.test-results/tests.json'));
const matched = matchRules(sections, tests);
// A title may hold half a character, which no file can.
const text = renderRules(sections, matched).toWellFormed();
const problems = [
  ...matched.unproven.map((id) => `rule without a test: ${id}`),
  ...matched.unknown.map(({ id, name, file }) => `unknown rule [${id}] in "${name}" (${file})`),
];

if (!process.argv.includes('--check')) writeFileSync(fileURLToPath(new URL('../test/RULES.md', import.meta.url)), text);
else if (readIfThere('test/RULES.md') !== text) problems.push('test/RULES.md is stale: run `npm test`, then `npm run rules`');

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
