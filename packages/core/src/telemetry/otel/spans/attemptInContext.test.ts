import { ROOT_CONTEXT, createContextKey, trace, type Context, type Span } from '@opentelemetry/api';
import { attemptNumberOf, withAttempt } from './attemptInContext.js';

const ofScope = (name: string, attributes: object = {}): Context =>
  trace.setSpan(ROOT_CONTEXT, { instrumentationScope: { name }, attributes } as unknown as Span);

describe('[telemetry.attempt-on-client-spans] the attempt number in a context', () => {
  it.each`
    outer        | number | hasSpan  | reads
    ${undefined} | ${1}   | ${false} | ${1}
    ${undefined} | ${2}   | ${false} | ${2}
    ${undefined} | ${7}   | ${true}  | ${7}
    ${2}         | ${1}   | ${false} | ${1}
    ${2}         | ${1}   | ${true}  | ${1}
    ${2}         | ${3}   | ${true}  | ${3}
    ${3}         | ${2}   | ${true}  | ${2}
    ${1}         | ${2}   | ${true}  | ${2}
    ${1}         | ${1}   | ${true}  | ${1}
  `('attempt $number inside attempt $outer, with a span $hasSpan, reads $reads', ({ outer, number, hasSpan, reads }) => {
    const around = outer === undefined ? ROOT_CONTEXT : withAttempt(ROOT_CONTEXT, outer, false);
    expect(attemptNumberOf(withAttempt(around, number, hasSpan))).toBe(reads);
  });

  it('leaves the context of a first attempt with a span as it is', () => {
    expect(withAttempt(ROOT_CONTEXT, 1, true)).toBe(ROOT_CONTEXT);
  });

  it.each([
    { span: 'no span', context: ROOT_CONTEXT, reads: undefined },
    { span: "a call's span", context: ofScope('@redress/core'), reads: 1 },
    { span: "an attempt's span", context: ofScope('@redress/core', { 'retry.attempt': 3 }), reads: 3 },
    { span: "another library's span", context: ofScope('http', { 'retry.attempt': 3 }), reads: undefined },
    { span: 'a span that records nothing', context: trace.setSpan(ROOT_CONTEXT, {} as Span), reads: undefined },
  ])('without a mark goes by the span: $span reads $reads', ({ context, reads }) => {
    expect(attemptNumberOf(context)).toBe(reads);
  });

  it('reads what another copy of core has set', () => {
    const context = ROOT_CONTEXT.setValue(createContextKey('redress.attempt'), 4);
    expect(attemptNumberOf(context)).toBe(4);
  });

  it('ignores what is no number', () => {
    expect(attemptNumberOf(ROOT_CONTEXT.setValue(createContextKey('redress.attempt'), 'two'))).toBeUndefined();
  });
});
