import { matchRules, renderRules } from '../scripts/rules-table.js';

const sections = [
  {
    title: 'Budget',
    rules: [
      { id: 'budget.off', rule: 'Limits | nothing.' },
      { id: 'budget.shared', rule: 'May be shared.' },
    ],
  },
];
const file = 'a.test.ts';

describe('matching rules with tests', () => {
  it.each([
    {
      given: 'an id in a title',
      tests: [{ file, name: 'x [budget.off] y', status: 'passed' }],
      off: 1,
      unproven: ['budget.shared'],
      unknown: [],
    },
    { given: 'a failed test', tests: [{ file, name: '[budget.off]', status: 'failed' }], off: 1, unproven: ['budget.shared'], unknown: [] },
    {
      given: 'a skipped test',
      tests: [{ file, name: '[budget.off]', status: 'pending' }],
      off: 0,
      unproven: ['budget.off', 'budget.shared'],
      unknown: [],
    },
    {
      given: 'two ids in a title',
      tests: [{ file, name: '[budget.off] [budget.shared]', status: 'passed' }],
      off: 1,
      unproven: [],
      unknown: [],
    },
    {
      given: 'an unknown id',
      tests: [{ file, name: '[budget.of]', status: 'passed' }],
      off: 0,
      unproven: ['budget.off', 'budget.shared'],
      unknown: ['budget.of'],
    },
    {
      given: 'brackets of another kind',
      tests: [{ file, name: '[0, 1] [object Object] [a]', status: 'passed' }],
      off: 0,
      unproven: ['budget.off', 'budget.shared'],
      unknown: [],
    },
  ])('$given', ({ tests, off, unproven, unknown }) => {
    const matched = matchRules(sections, tests);
    expect(matched.byRule.get('budget.off')).toHaveLength(off);
    expect(matched.unproven).toEqual(unproven);
    expect(matched.unknown.map(({ id }: { id: string }) => id)).toEqual(unknown);
  });

  it('writes the same table whatever the order of the tests', () => {
    const one = { file, name: '[budget.off] one', status: 'passed' };
    const two = { file: 'b.test.ts', name: '[budget.off] two | three', status: 'passed' };
    const text = renderRules(sections, matchRules(sections, [one, two]));
    expect(renderRules(sections, matchRules(sections, [two, one]))).toBe(text);
    expect(text).toContain('| budget.off | Limits \\| nothing. | *a.test.ts*<br>one<br>*b.test.ts*<br>two \\| three |');
  });

  it('shows five tests of a file and counts the others', () => {
    const tests = [7, 6, 5, 4, 3, 2, 1].map((n) => ({ file, name: `[budget.off] ${n}`, status: 'passed' }));
    expect(renderRules(sections, matchRules(sections, tests))).toContain('*a.test.ts*<br>1<br>2<br>3<br>4<br>5<br>and 2 more |');
  });
});
