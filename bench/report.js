/** Whether only the shape of the reports is wanted, and no figure that means something: `--tiny`, for the bench's own test. */
export const tiny = process.argv.includes('--tiny');

/**
 * Ends a scenario: its figures, as a line of JSON. `value` is the figure, `low` that of the quietest tenth of the rounds, where there are
 * any. A bar without `atMost` is only printed. `aim` is better than the bar, and not held. `noise` is what this process could not tell
 * apart, and allowed on top of the bar. `skipped` says why nothing was measured.
 *
 * @param {{
 *   title: string,
 *   unit: string,
 *   skipped?: string,
 *   rows: { name: string, value: number, low?: number, options: string }[],
 *   bars: { what: string, value: number, low?: number, atMost?: number, aim?: number, noise?: number }[],
 * }} report
 */
export function report(report) {
  // Written whole before the end: peers leave timers behind that would keep the process.
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
}
