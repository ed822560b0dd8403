/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/**
 * Samples of Prometheus' text exposition format; comments and lines that are none are skipped.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseExposition(body: string): Sample[] {
  return body.split('\n').flatMap((each) => {
    const [, name, labels = '', value] = line.exec(each) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, labels: parseLabels(labels), value: parseValue(value) }];
  });
}

function parseLabels(labels: string): Record<string, string> {
  return Object.fromEntries([...labels.matchAll(label)].map(([, name = '', value = '']) => [name, unescape(value)]));
}

function unescape(value: string): string {
  return value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

function parseValue(value: string): number {
  return Number(value.replace(/^([+-]?)Inf$/, '$1Infinity'));
}
