/**
 * `npm run bench`: every scenario of the plan, several times over, each time in a process of its own. Names as arguments choose among the
 * scenarios: `npm run bench -- no-sdk signal`. Options:
 *
 * - `--processes 5`: how often each is started. They take turns, A B C A B C, so that a slow minute falls on all alike.
 * - `--node 20,22,24`: which Nodes to measure on, by npx; else it is the one that runs this.
 * - `--write`: puts the figures into README.md as well.
 *
 * A bar that is missed is a figure, not a failure: the exit code is 0. It is 1 when a scenario does not come to its end.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renderFigures, replaceFigures } from './figures.js';
import { nodeOf } from './nodes.js';
import { install } from './peers/install.js';
import { leftOutOn, lineOf, nameOf, needsNewestPeers, planFor } from './plan.js';
import { linesOf } from './print.js';
import { combine } from './spread.js';

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

const { values, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    processes: { type: 'string', default: '5' },
    node: { type: 'string', default: process.versions.node },
    write: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
  },
});
const processes = Number(values.processes);
if (!Number.isInteger(processes) || processes < 1)
  throw new Error(`--processes must be a whole number of at least 1, not ${values.processes}`);

if (values.write && values.tiny) throw new Error('--tiny measures nothing that is worth writing');

const known = new Set(planFor(Number.POSITIVE_INFINITY).map(nameOf));
const unknown = only.filter((name) => !known.has(name));
if (unknown.length > 0) throw new Error(`no scenario ${unknown.join(', ')}; there are ${[...known].join(', ')}`);

const isWanted = (scenario) => only.length === 0 || only.includes(nameOf(scenario));

/** Each scenario of each Node, with the reports of its processes so far. */
const nodes = values.node.split(',').map(nodeOf);
const tasks = nodes.flatMap((node) =>
  planFor(node.major)
    .filter(isWanted)
    .map((scenario) => ({ node, scenario, reports: [] })),
);
if (tasks.some(({ scenario }) => needsNewestPeers(scenario))) install(pathOf('peers'));

const failures = new Set();
for (let number = 1; number <= processes; number++) {
  console.error(`process ${number} of ${processes} of each scenario`);
  for (const task of tasks) {
    const { file, args } = task.scenario;
    const argv = ['--expose-gc', pathOf(`scenarios/${file}`), ...args, ...(values.tiny ? ['--tiny'] : [])];
    try {
      task.reports.push(JSON.parse(execFileSync(task.node.path, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })));
    } catch (error) {
      failures.add(`Node ${task.node.version}, ${lineOf(task.scenario)}: ${error.message}`);
    }
  }
}

const machine = `${process.platform} ${process.arch}, ${availableParallelism()} cores, ${cpus()[0]?.model}`;
const results = nodes.map((node) => ({
  version: node.version,
  leftOut: leftOutOn(node.major).filter(isWanted),
  reports: tasks.filter((task) => task.node === node && task.reports.length > 0).map(({ reports }) => combine(reports)),
}));
for (const { version, reports, leftOut } of results) {
  console.log(`\nNode ${version}, ${machine}; over ${processes} ${processes === 1 ? 'process' : 'processes'}`);
  for (const report of reports) console.log(`\n${linesOf(report).join('\n')}`);
  for (const scenario of leftOut) console.log(`\nLEFT OUT: ${lineOf(scenario)}, whose peer needs Node ${scenario.needs}`);
}
for (const failure of failures) console.error(`FAILED: ${failure}`);
if (failures.size > 0) process.exitCode = 1;
else if (values.write) {
  const readme = pathOf('README.md');
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
  writeFileSync(readme, replaceFigures(readFileSync(readme, 'utf8'), renderFigures({ command, processes, machine, nodes: results })));
}
