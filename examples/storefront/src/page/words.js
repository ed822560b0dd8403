/** What kinds of traces are called, their tone and sign; the most interesting first. */
export const kinds = {
  circuit: ['A circuit opened or closed', 'circuit', '◆'],
  budget: ['No retry left in the budget', 'bad', '∅'],
  failed: ['Failed after all', 'bad', '✕'],
  rescued: ['Rescued by a retry', 'good', '↻'],
  refused: ['Refused by an open circuit', 'circuit', '⊘'],
  fine: ['Succeeded at the first try', 'plain', '✓'],
};

/** States of a circuit. */
export const states = {
  closed: ['closed', 'good', 'calls pass'],
  open: ['OPEN', 'bad', 'every call is refused'],
  half_open: ['half open', 'wait', 'a probe is on its way'],
  forced_open: ['FORCED OPEN', 'bad', 'every call is refused'],
  unknown: ['gone', 'plain', ''],
};

/** What becomes of the attempts at an upstream. */
export const healths = {
  idle: 'plain',
  fine: 'good',
  troubled: 'wait',
  down: 'bad',
  refused: 'circuit',
};

export function duration(ms) {
  if (ms < 100) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

export function ago(ms) {
  if (ms < 1_500) return 'now';
  return ms < 60_000 ? `${Math.round(ms / 1_000)} s ago` : `${Math.round(ms / 60_000)} min ago`;
}
