import type { Scrape } from './Scrape.js';

/** A circuit as the metrics show it. */
export interface Circuit {
  readonly name: string;
  /** `unknown` when no state's series reads 1: the breaker is gone. */
  readonly state: string;
  /** Share of failures in the breaker's window; undefined below its minimum of calls. */
  readonly failureRate: number | undefined;
  /** States at the scrapes given, oldest first. */
  readonly history: readonly string[];
}

/** The circuits of the last scrape, by name. */
export function circuitsOf(scrapes: readonly Scrape[]): Circuit[] {
  const last = scrapes.at(-1);
  const history = scrapes.map(statesOf);
  return [...statesOf(last)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, state]) => ({
      name,
      state,
      failureRate: failureRateOf(last, name),
      history: history.map((states) => states.get(name) ?? 'unknown'),
    }));
}

/** Reads the one-hot gauge. */
function statesOf(scrape: Scrape | undefined): Map<string, string> {
  const states = new Map<string, string>();
  for (const { name, labels, value } of scrape?.samples ?? []) {
    const { circuit_name: circuit, circuit_state: state } = labels;
    if (name === 'redress_circuit_state' && circuit !== undefined && state !== undefined) {
      states.set(circuit, value === 1 ? state : (states.get(circuit) ?? 'unknown'));
    }
  }
  return states;
}

function failureRateOf(scrape: Scrape | undefined, circuit: string): number | undefined {
  const sample = scrape?.samples.find(({ name, labels }) => name === 'redress_circuit_failure_ratio' && labels['circuit_name'] === circuit);
  return sample === undefined || Number.isNaN(sample.value) ? undefined : sample.value;
}
