/** Holds the mutants that survived Stryker's last run against test/MUTANTS.md: each stands there, under its file, with a reason. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (path) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const ROOT = 'packages/core/src/';

/** The text between two places of a source, both counted from 1, on one line and not longer than a reader wants. */
function textAt(lines, { start, end }) {
  const inside = lines.slice(start.line - 1, end.line);
  inside[inside.length - 1] = inside.at(-1).slice(0, end.column - 1);
  inside[0] = inside[0].slice(start.column - 1);
  return short(inside.join(' '));
}

function short(text) {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

const survivors = Object.entries(JSON.parse(read('reports/mutation.json')).files).flatMap(([path, { source, mutants }]) => {
  const lines = source.split('\n');
  const alive = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  return alive.map(({ location, replacement }) => ({
    file: path.replace(ROOT, ''),
    row: `- \`${textAt(lines, location)}\` → \`${short(replacement ?? '')}\``,
  }));
});

/** Rows by the file of the heading they stand under. */
const listed = new Map();
let heading = '';
for (const line of read('test/MUTANTS.md').split('\n')) {
  if (line.startsWith('## ')) heading = line.slice(3).trim();
  else if (line.startsWith('- ')) listed.set(heading, [...(listed.get(heading) ?? []), line]);
}

const without = survivors.filter(({ file, row }) => listed.get(file)?.some((line) => line.startsWith(row)) !== true);
for (const { file, row } of without) console.error(`${file}: a survivor without a reason\n${row}`);
console.log(`${survivors.length} mutants survived, ${without.length} of them without a reason in test/MUTANTS.md`);
process.exitCode = without.length === 0 ? 0 : 1;
