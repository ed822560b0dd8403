import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSnippets } from '../../../test/snippets/describeSnippets.js';
import { OPTIONS } from './options.js';

// Compiling once and starting Node for each snippet takes seconds on a busy machine.
jest.setTimeout(60_000);

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** A default as the table shows it. */
function shown(fallback: unknown): string {
  if (typeof fallback === 'string') return `'${fallback}'`;
  return typeof fallback === 'number' ? fallback.toLocaleString('en-US') : fallback === undefined ? 'none' : String(fallback);
}

describe("the README's table of options", () => {
  const table = /<!-- options -->\n([\s\S]*?)<!-- \/options -->/.exec(readme)?.[1] ?? '';
  const rows = table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('`', '')));

  it('has every option, in order, with its default', () => {
    expect(rows.map(([, name, , fallback]) => [name, fallback])).toEqual(
      Object.entries(OPTIONS).map(([name, { fallback }]) => [name, shown(fallback)]),
    );
  });

  it.each(rows.map(([, name = '', type = '']) => [name, type]))('%s: its words are those that are accepted', (name, type) => {
    const words = [...type.matchAll(/'([^']+)'/g)].map((match) => match[1]);
    const option = Object.entries(OPTIONS).find(([each]) => each === name)?.[1];
    expect(words.filter((word) => option?.holds(word) !== true)).toEqual([]);
    expect(words.length > 0 || [true, 1_000, () => undefined].some((value) => option?.holds(value))).toBe(true);
  });
});

describeSnippets(['packages/instrumentation-resilience/README.md']);
