/** @typedef {{ readonly median: number, readonly lowest: number, readonly highest: number }} Spread of one figure over several processes */

/**
 * The middle of the samples and their ends. Of an even number of samples the middle is halfway between the two in the middle.
 *
 * @param {readonly number[]} samples
 * @returns {Spread}
 */
export function spreadOf(samples) {
  if (samples.length === 0) throw new Error('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return {
    median: (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2,
    lowest: sorted[0],
    highest: sorted[sorted.length - 1],
  };
}

const medianOf = (samples) => (samples.includes(undefined) ? undefined : spreadOf(samples).median);

/** The same figure of every process, as one. `quiet` is the median of the quietest tenths, `noise` that of the noises. */
function combineFigures(figures) {
  const { value: _, low: __, noise: ___, ...same } = figures[0];
  return {
    ...same,
    ...spreadOf(figures.map(({ value }) => value)),
    quiet: medianOf(figures.map(({ low }) => low)),
    noise: medianOf(figures.map(({ noise }) => noise)),
  };
}

/** What several processes of one scenario reported, as one report. Names, options and bars are those of the first. */
export function combine(reports) {
  const { title, unit, skipped, rows, bars } = reports[0];
  return {
    title,
    unit,
    skipped,
    rows: rows.map((_, index) => combineFigures(reports.map((report) => report.rows[index]))),
    bars: bars.map((_, index) => combineFigures(reports.map((report) => report.bars[index]))),
  };
}

/**
 * Whether the median keeps to the bar, give or take what cannot be told apart. Undefined where a figure has no bar.
 *
 * @param {{ readonly median: number, readonly atMost?: number, readonly noise?: number }} bar
 */
export function verdictOf({ median, atMost, noise = 0 }) {
  if (atMost === undefined) return undefined;
  return median <= atMost + noise ? 'met' : 'MISSED';
}
