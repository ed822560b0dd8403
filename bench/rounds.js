import { tiny } from './report.js';

/** How long a round shall take: long enough to hold its share of collecting garbage, short enough to be let be by other programs. */
const ROUND_MS = 6;
const ROUNDS = tiny ? 2 : 61;
const WARMUPS = tiny ? 1 : 12;
const FEWEST_CALLS = 500;
const MOST_CALLS = tiny ? 5 : 20_000;

/** @typedef {{ readonly median: number, readonly low: number }} Figure nanoseconds per call: of the middle round, and a tenth from the quickest */

function figureOf(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], low: sorted[Math.floor(sorted.length / 10)] };
}

/** One round: `calls` calls one after the other; nanoseconds per call. */
async function round(run, calls) {
  const startedAt = process.hrtime.bigint();
  await run(calls);
  return Number(process.hrtime.bigint() - startedAt) / calls;
}

/**
 * Times several functions side by side: their rounds alternate, so that a machine that others use too slows all of them alike.
 *
 * @param {Record<string, (calls: number) => Promise<void>>} rows by name: makes that many calls, each awaited
 * @param {{ readonly rounds?: number, readonly fewestCalls?: number }} [pace] fewer calls a round where each takes long, and more rounds
 * @returns {Promise<Record<string, Figure>>} by name
 */
export async function alternate(rows, { rounds = ROUNDS, fewestCalls = FEWEST_CALLS } = {}) {
  const last = tiny ? ROUNDS : rounds;
  const fewest = Math.min(fewestCalls, MOST_CALLS);
  const names = Object.keys(rows);
  const calls = Object.fromEntries(names.map((name) => [name, fewest]));
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let number = -WARMUPS; number < last; number++) {
    for (const name of names) {
      const nanoseconds = await round(rows[name], calls[name]);
      if (number >= 0) samples[name].push(nanoseconds);
      else calls[name] = Math.round(Math.min(Math.max((ROUND_MS * 1e6) / nanoseconds, fewest), MOST_CALLS));
    }
  }
  return Object.fromEntries(names.map((name) => [name, figureOf(samples[name])]));
}

/** What a row costs more than another one, median and low each. */
export const over = (figure, base) => ({ median: figure.median - base.median, low: figure.low - base.low });

/** The figure of a row, as a report wants it. */
export const shown = ({ median, low }) => ({ value: median, low });

/** How often one figure goes into another. */
export const ratio = (figure, base) => ({ value: figure.median / base.median, low: figure.low / base.low });
