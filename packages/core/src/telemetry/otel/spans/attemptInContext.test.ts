import { ROOT_CONTEXT, createContextKey } from '@opentelemetry/api';
import { attemptNumberOf, withAttempt } from './attemptInContext.js';

describe('the attempt number in a context', () => {
  it.each`
    outer        | number | reads
    ${undefined} | ${1}   | ${undefined}
    ${undefined} | ${2}   | ${2}
    ${undefined} | ${7}   | ${7}
    ${2}         | ${1}   | ${undefined}
    ${2}         | ${3}   | ${3}
    ${3}         | ${2}   | ${2}
    ${1}         | ${2}   | ${2}
  `('attempt $number inside attempt $outer reads $reads', ({ outer, number, reads }) => {
    const around = outer === undefined ? ROOT_CONTEXT : withAttempt(ROOT_CONTEXT, outer);
    expect(attemptNumberOf(withAttempt(around, number))).toBe(reads);
  });

  it('leaves the context of a first attempt as it is', () => {
    expect(withAttempt(ROOT_CONTEXT, 1)).toBe(ROOT_CONTEXT);
  });

  it('reads what another copy of core has set', () => {
    const context = ROOT_CONTEXT.setValue(createContextKey('redress.attempt'), 4);
    expect(attemptNumberOf(context)).toBe(4);
  });

  it('ignores what is no number', () => {
    expect(attemptNumberOf(ROOT_CONTEXT.setValue(createContextKey('redress.attempt'), 'two'))).toBeUndefined();
  });
});
