/**
 * `npm run bench:load`: what it takes to load the library, as a service that starts pays it. Whole processes, the subjects one
 * after the other in every round, so that a busy moment hits all of them; medians, in ms over a Node that loads nothing.
 * Exits with 1 when a bar is missed. How many rounds: `npm run bench:load -- 40`; 20 by default.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(process.argv[2] ?? 20);
const SLACK_MS = 5;
const SUBJECTS = ['', '@opentelemetry/api', '@redress/core', 'cockatiel'];
const SYSTEMS = [
  { name: 'require', args: (what) => ['--input-type=commonjs', '--eval', what === '' ? '' : `require('${what}')`] },
  { name: 'import', args: (what) => ['--input-type=module', '--eval', what === '' ? '' : `import '${what}'`] },
];

function timeOf(args) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - startedAt;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

function measure({ name, args }) {
  const times = new Map(SUBJECTS.map((subject) => [subject, []]));
  // The first round fills the disk's cache and is not counted.
  for (const subject of SUBJECTS) timeOf(args(subject));
  for (let round = 0; round < rounds; round++) for (const subject of SUBJECTS) times.get(subject).push(timeOf(args(subject)));
  const medians = new Map([...times].map(([subject, values]) => [subject, median(values)]));
  const over = (subject, base = '') => medians.get(subject) - medians.get(base);
  return { name, bare: medians.get(''), over, core: over('@redress/core', '@opentelemetry/api'), bar: over('cockatiel') + SLACK_MS };
}

const { version } = JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.resolve('cockatiel'))), '../package.json'), 'utf8'));
console.log(
  `Node ${process.version}, cockatiel ${version}, median of ${rounds} whole processes each, in ms over a Node that loads nothing`,
);
for (const { name, bare, over, core, bar } of SYSTEMS.map(measure)) {
  console.log(`\n${name} (Node alone: ${bare.toFixed(1)})`);
  for (const subject of SUBJECTS.slice(1)) console.log(`  ${subject.padEnd(20)} ${over(subject).toFixed(1).padStart(6)}`);
  const isMet = core <= bar;
  console.log(
    `  ${isMet ? 'met:   ' : 'MISSED:'} core over the OTel API: ${core.toFixed(1)} (at most cockatiel + ${SLACK_MS}: ${bar.toFixed(1)})`,
  );
  if (!isMet) process.exitCode = 1;
}
