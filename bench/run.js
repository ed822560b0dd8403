/**
 * `npm run bench`: every scenario of the plan, one after the other. Names as arguments choose among them: `npm run bench -- no-sdk signal`.
 * Prints tables, and each bar with what was measured; exits with 0 either way, for a bar that is missed is a figure, not a failure.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { plan } from './plan.js';

const only = process.argv.slice(2);

function number(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}

const column = (value) => (value === undefined ? '' : number(value)).padStart(10);

function print({ title, unit, rows, bars }) {
  const timed = rows.some(({ low }) => low !== undefined);
  console.log(`\n${title}\n  ${unit.padEnd(42)}${timed ? '    median  quietest tenth of rounds' : ''}`);
  for (const { name, value, low, options } of rows)
    console.log(`  ${name.padEnd(40)}  ${column(value)}${timed ? column(low) : ''}   ${options}`);
  for (const { what, value, low, atMost } of bars) {
    const quiet = low === undefined ? '' : `, ${number(low)} in the quietest tenth`;
    console.log(`  ${value <= atMost ? 'met:   ' : 'MISSED:'} ${what}: ${number(value)} (at most ${number(atMost)}${quiet})`);
  }
}

console.log(`Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores, ${cpus()[0]?.model}`);
for (const { file, args } of plan) {
  if (only.length > 0 && !only.includes(file.replace('.js', ''))) continue;
  const path = fileURLToPath(new URL(`scenarios/${file}`, import.meta.url));
  print(
    JSON.parse(execFileSync(process.execPath, ['--expose-gc', path, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })),
  );
}
