/** Milliseconds as a person reads them: `7 ms`, `0.31 s`, `12.4 s`. */
export function formatDuration(ms: number): string {
  if (ms < 100) {
    return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  }
  return ms < 10_000 ? `${(ms / 1_000).toFixed(2)} s` : `${(ms / 1_000).toFixed(1)} s`;
}
