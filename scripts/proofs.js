/**
 * Wants a proof for every rule of test/rules.yaml: a change of the code that turns a test red which carries the rule's id in its title.
 * Stryker makes the changes, in the file that the rule names; for what no mutator makes, test/breaks.yaml has them. Nothing in the
 * working tree is touched.
 *
 * `npm run proofs` for all of them, `npm run proofs -- breaker. retry.resume` for those whose id begins so. What Stryker found is kept
 * in reports/ and used again where nothing changed, unless `--force` is given.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { breakSource, readBreaks } from './proofs/breaks.js';
import { mutantsOf } from './proofs/mutants.js';
import { proofsOf } from './proofs/proofsOf.js';
import { readRules, testFilesById } from './proofs/ruleTable.js';
import { runJest } from './proofs/runJest.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const prefixes = process.argv.slice(2).filter((argument) => argument !== '--force');
const force = process.argv.includes('--force');

const rules = readRules(root);
const breaks = readBreaks(root);
const byHand = new Set(breaks.map(({ id }) => id));
const tests = testFilesById(
  root,
  rules.map(({ id }) => id),
);

/** What proves the rules that mutants are to prove, by id: a mutant, and how many more there are. */
async function proveByMutants(chosen) {
  const wanted = chosen.filter(({ id }) => !byHand.has(id));
  const proofs = new Map(wanted.map(({ id }) => [id, []]));
  for (const file of new Set(wanted.flatMap(({ files }) => files))) {
    const testFiles = [...new Set(rules.filter(({ files }) => files.includes(file)).flatMap(({ id }) => testsNear(file, tests.get(id))))];
    const began = Date.now();
    const mutants = await mutantsOf({ file, testFiles, force });
    console.log(`${file}: ${mutants.length} mutants, ${Math.round((Date.now() - began) / 1_000)} s`);
    for (const { id, files } of wanted) if (files.includes(file)) proofs.get(id).push(...proofsOf(id, mutants));
  }
  return proofs;
}

/** The tests beside the file, where there are any: they are the quickest and the most precise. */
function testsNear(file, testFiles) {
  const beside = testFiles.filter((test) => dirname(test) === dirname(file));
  return beside.length > 0 ? beside : testFiles.filter((test) => test.startsWith('packages/'));
}

/** The names of the tests that failed. */
function redOf(result) {
  const tests = result?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  return tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
}

/** What a run says of a break; a file that could not be loaded is no red test. */
function verdictOf(result) {
  if (result === undefined) return { red: false, text: 'did not end' };
  const { numFailedTests, numPassedTests, numRuntimeErrorTestSuites } = result;
  const unloaded = numRuntimeErrorTestSuites > 0 ? ', an error outside of any test' : '';
  return { red: numFailedTests > 0, text: `${numFailedTests} red, ${numPassedTests} green${unloaded}` };
}

/** Runs the jobs, as many at a time as there are processors. */
async function inParallel(jobs) {
  const left = [...jobs];
  const work = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await job();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** The verdicts of the chosen rules' breaks, by id. */
async function proveByHand(chosen, scratch) {
  const verdicts = new Map();
  const own = breaks.filter(({ id }) => chosen.some((rule) => rule.id === id));
  const testFiles = [...new Set(own.flatMap(({ id }) => tests.get(id)))];
  if (own.length === 0) return verdicts;
  const unbroken = await runJest({ scratch: join(scratch, 'unbroken'), testFiles });
  if (unbroken?.success !== true) throw new Error(`not green without a break: ${redOf(unbroken).join('; ')}`);
  const jobs = own.map((one, index) => async () => {
    const { id, file } = one;
    const broken = { file, text: breakSource(readFileSync(join(root, file), 'utf8'), one) };
    const pattern = `\\[${id.replaceAll('.', '\\.')}\\]`;
    const result = await runJest({ scratch: join(scratch, String(index)), testFiles: tests.get(id), pattern, broken });
    verdicts.set(id, [...(verdicts.get(id) ?? []), { ...verdictOf(result), at: one.at, put: one.put }]);
  });
  await inParallel(jobs);
  return verdicts;
}

/** A piece of code on one line that is not longer than a reader wants. */
const shortOf = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 60) || 'nothing';

function describeMutant({ file, line, mutatorName, replacement }) {
  return `${file}:${line} ${mutatorName} → ${shortOf(replacement ?? '')}`;
}

/** One rule's line, and whether it is proven. */
function tell(mutants, verdicts) {
  if (verdicts !== undefined) {
    const green = verdicts.filter(({ red }) => !red);
    const told = green.map(({ at, put, text }) => `${at} with ${shortOf(put)}: ${text}`);
    return {
      by: green.length === 0 ? 'hand' : undefined,
      text: [`${verdicts.length - green.length} of ${verdicts.length} red`, ...told].join('; '),
    };
  }
  if (mutants === undefined || mutants.length === 0) return { by: undefined, text: 'no mutant turned its tests red and few others' };
  const [first, ...others] = mutants;
  return { by: 'mutant', text: `${describeMutant(first)}${others.length === 0 ? '' : ` and ${others.length} more`}` };
}

async function main() {
  const chosen = rules.filter(({ id }) => prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix)));
  if (chosen.length === 0) throw new Error(`no rule's id begins with ${prefixes.join(' or ')}`);
  const scratch = mkdtempSync(join(tmpdir(), 'redress-proofs-'));
  try {
    const mutants = await proveByMutants(chosen);
    const verdicts = await proveByHand(chosen, scratch);
    const counts = { mutant: 0, hand: 0, none: 0 };
    for (const { id } of chosen) {
      const { by, text } = tell(mutants.get(id), verdicts.get(id));
      counts[by ?? 'none']++;
      console.log(`${by === undefined ? 'UNPROVEN' : `by ${by}`}  ${id}  ${text}`);
    }
    console.log(`${chosen.length} rules: ${counts.mutant} proven by a mutant, ${counts.hand} by hand, ${counts.none} unproven`);
    process.exitCode = counts.none === 0 ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
