import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakSource, readBreaks } from '../scripts/proofs/breaks.js';
import { proofsOf } from '../scripts/proofs/proofsOf.js';
import { readRules, testFilesById } from '../scripts/proofs/ruleTable.js';

const root = join(__dirname, '..');
const rules = readRules(root);
const ids = new Set(rules.map(({ id }) => id));
const filesOf = new Map(rules.map(({ id, files }) => [id, files]));

describe('the rules', () => {
  it('each name a file that is there', () => {
    expect(rules.filter(({ files }) => files.length === 0 || !files.every((file: string) => existsSync(join(root, file))))).toEqual([]);
  });

  it('have tests whose files are found', () => {
    const files = testFilesById(root, [...ids]);
    expect([...ids].filter((id) => files.get(id)?.length === 0)).toEqual([]);
  });
});

describe('the breaks by hand', () => {
  it.each(readBreaks(root))('$id at $at of $file', (one) => {
    expect(filesOf.get(one.id)).toContain(one.file);
    breakSource(readFileSync(join(root, one.file), 'utf8'), one);
  });
});

const source = `
const limits = { least: 1, most: 9 };
function one(value: number): number {
  const sum = value + limits.most;
  return one(
    sum,
  );
}
class Two {
  #at = 1;
  get at(): number { return this.#at; }
  constructor(readonly start: number) { this.#at = start; }
  one(): number;
  one(): number { return this.#at; }
}
`;

describe('a break', () => {
  it.each([
    { at: 'limits', find: 'least: 1', put: 'least: 2', then: 'limits = { least: 2, most' },
    { at: 'limits.most', find: '9', put: '8', then: 'most: 8 }' },
    { at: 'one', find: 'return one(sum)', put: 'return 1', then: '+ limits.most;\n  return 1;' },
    { at: 'one.sum', find: 'limits.most', put: '1', then: 'value + 1;' },
    { at: 'Two.#at', find: '1', put: '2', then: '#at = 2;' },
    { at: 'Two.at', find: 'this.#at', put: '0', then: '{ return 0; }\n  constructor' },
    { at: 'Two.constructor', find: 'this.#at = start;', put: '', then: 'start: number) {  }' },
    { at: 'Two.one', find: 'this.#at', put: '0', then: 'one(): number { return 0; }' },
  ])('of $at changes that declaration alone', ({ then, ...one }) => {
    expect(breakSource(source, { file: 'x.ts', ...one })).toContain(then);
  });

  it.each([
    { given: 'a name that is not there', at: 'Two.none', find: '1', put: '', problem: 'Two.none stands 0 times in x.ts, not once' },
    { given: 'code that is not there', at: 'Two', find: 'sum', put: '', problem: 'stands 0 times in Two of x.ts, not once: sum' },
    { given: 'code that is there twice', at: 'one', find: 'value', put: '', problem: 'stands 2 times in one of x.ts, not once: value' },
    { given: 'no change', at: 'one', find: 'one( sum, )', put: 'one(sum)', problem: 'changes nothing in one of x.ts' },
  ])('is refused for $given', ({ problem, at, find, put }) => {
    expect(() => breakSource(source, { file: 'x.ts', at, find, put })).toThrow(problem);
  });
});

describe('a rule is proven', () => {
  const killed = (...killedBy: string[]) => ({ status: 'Killed', killedBy });

  it.each([
    { given: 'a mutant that its test killed', mutant: killed('x [a.b] y'), proven: true },
    { given: 'one that killed tests of three rules', mutant: killed('[a.b] [a.c]', '[a.d]', 'of none'), proven: true },
    { given: 'one that killed tests of four', mutant: killed('[a.b] [a.c]', '[a.d]', '[a.e]'), proven: false },
    { given: 'one that killed tests of others', mutant: killed('[a.bc]', 'a.b'), proven: false },
    { given: 'one that no test noticed', mutant: { status: 'Survived', killedBy: [] }, proven: false },
    { given: 'one that hung', mutant: { status: 'Timeout', killedBy: [] }, proven: false },
  ])('$proven by $given', ({ mutant, proven }) => {
    expect(proofsOf('a.b', [mutant])).toHaveLength(proven ? 1 : 0);
  });
});
