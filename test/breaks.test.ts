import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOf, readBreaks, ruleIds, testFilesOf } from '../scripts/breaks-table.js';

const root = join(__dirname, '..');

describe('the table of breaks', () => {
  it('has a break for every rule, in text that stands in the source once', () => {
    expect(problemsOf(ruleIds(root), readBreaks(root), (file: string) => readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });

  it.each([
    { given: 'a rule without a break', breaks: [], problem: 'a.b: no break' },
    { given: 'a break without a rule', breaks: [at('a.b', 'one', ''), at('a.c', 'one', '')], problem: 'a.c: no such rule' },
    { given: 'text that is not there', breaks: [at('a.b', 'three', '')], problem: 'a.b: stands 0 times in x.ts, not once: three' },
    { given: 'text that is there twice', breaks: [at('a.b', 'two', '')], problem: 'a.b: stands 2 times in x.ts, not once: two' },
    { given: 'no change', breaks: [at('a.b', 'one', 'one')], problem: 'a.b: changes nothing in x.ts' },
  ])('tells of $given', ({ breaks, problem }) => {
    expect(problemsOf(['a.b'], breaks, () => 'one two two')).toEqual([problem]);
  });

  it('finds the test files of a rule', () => {
    const row = '| a.b | Some rule. | *test/one.test.ts*<br>first * second<br>*two.test.ts*<br>third |';
    expect(testFilesOf(`| a.bc | | *other.test.ts* |\n${row}\n`, 'a.b')).toEqual(['test/one.test.ts', 'two.test.ts']);
  });
});

function at(id: string, find: string, put: string): { id: string; file: string; find: string; put: string } {
  return { id, file: 'x.ts', find, put };
}
