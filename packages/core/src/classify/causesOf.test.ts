import { causesOf, errorsOf, MOST_CAUSES } from './causesOf.js';
import { deepError, hostileErrors } from './fixtures/hostileErrors.js';

const at = (name: string, cause?: unknown) => Object.assign(new Error(name), cause === undefined ? {} : { cause });

describe('causesOf', () => {
  const inner = at('inner');
  const middle = at('middle', inner);
  const left = at('left', inner);
  const right = at('right');
  const both = Object.assign(new AggregateError([left, right]), { cause: middle });

  it.each([
    { given: 'an error alone', error: inner, then: [inner] },
    { given: 'a chain, outermost first', error: at('outer', middle).cause, then: [middle, inner] },
    { given: 'an aggregate: its cause, its errors, then theirs', error: both, then: [both, middle, left, right, inner] },
    { given: 'a cause that is no object', error: { cause: 'why' }, then: [{ cause: 'why' }, 'why'] },
    { given: 'a cause of null', error: { cause: null }, then: [{ cause: null }, null] },
    { given: 'nothing', error: undefined, then: [undefined] },
  ])('$given', ({ error, then }) => {
    expect([...causesOf(error)]).toEqual(then);
  });

  it('[classify.cause] goes down 99 causes', () => {
    const causes = [...causesOf(deepError(99, { code: 'X' }))];
    expect(causes).toHaveLength(100);
    expect(causes.at(-1)).toMatchObject({ code: 'X' });
  });

  it.each(hostileErrors)('[classify.hostile] [classify.cycles] ends for $given', ({ error }) => {
    const causes = causesOf(error);
    expect(causes.has(error)).toBe(true);
    expect(causes.size).toBeLessThanOrEqual(MOST_CAUSES);
  });

  it('[classify.bounded] stops at its limit', () => {
    const wide = new AggregateError(Array.from({ length: MOST_CAUSES + 10 }, (_, index) => index));
    expect(causesOf(wide).size).toBe(MOST_CAUSES);
    expect(causesOf(hostileErrors.find(({ given }) => given === 'a new cause at each look')?.error).size).toBe(MOST_CAUSES);
  });

  it('[classify.bounded] takes no longer for errors that all hold the same long list', () => {
    const shared = Array.from({ length: 10_000 }, () => new Error('e'));
    for (const error of shared) Object.assign(error, { errors: shared });
    const reads = jest.fn();
    const counted = new Proxy(shared, {
      get(target, key) {
        reads();
        return Reflect.get(target, key);
      },
    });
    expect(causesOf({ errors: counted }).size).toBe(MOST_CAUSES);
    expect(reads.mock.calls.length).toBeLessThan(1_000);
  });
});

describe('errorsOf', () => {
  it.each([
    { given: 'an AggregateError', error: new AggregateError([1, 2]), then: [1, 2] },
    { given: 'any list of errors', error: { errors: ['a'] }, then: ['a'] },
    { given: 'no list', error: { errors: 'ab' }, then: [] },
    { given: 'no errors', error: new Error(), then: [] },
    { given: 'null', error: null, then: [] },
  ])('$given: $then', ({ error, then }) => {
    expect(errorsOf(error)).toEqual(then);
  });
});
