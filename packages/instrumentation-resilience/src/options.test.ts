import { TELEMETRY_OPTIONS } from '@redress/core/telemetry';
import { OPTIONS, checkOptions } from './options.js';
import { ResilienceInstrumentation } from './instrumentation.js';

describe('checkOptions', () => {
  it.each`
    option                 | value
    ${'enabled'}           | ${false}
    ${'spans'}             | ${'always'}
    ${'spans'}             | ${'on-problem'}
    ${'spans'}             | ${'never'}
    ${'spanEvents'}        | ${false}
    ${'logSeverity'}       | ${'DEBUG'}
    ${'logSeverity'}       | ${'OFF'}
    ${'logSuccess'}        | ${true}
    ${'attemptSpans'}      | ${true}
    ${'exceptionEvents'}   | ${false}
    ${'attemptDuration'}   | ${true}
    ${'requireParentSpan'} | ${true}
    ${'callHook'}          | ${() => undefined}
    ${'maxOperations'}     | ${1}
    ${'maxRows'}           | ${50}
  `('accepts $option: $value', ({ option, value }) => {
    expect(() => checkOptions({ [option]: value })).not.toThrow();
  });

  it.each(Object.keys(OPTIONS))('takes %s: undefined as absent', (option) => {
    expect(() => checkOptions({ [option]: undefined })).not.toThrow();
  });

  it.each`
    option                 | value                       | told
    ${'enabled'}           | ${'yes'}                    | ${'enabled must be true or false; got "yes"'}
    ${'spans'}             | ${'sometimes'}              | ${`spans must be one of always, on-problem, never; got "sometimes"`}
    ${'spanEvents'}        | ${0}                        | ${'spanEvents must be true or false; got 0'}
    ${'logSeverity'}       | ${9}                        | ${`logSeverity must be one of DEBUG, INFO, WARN, ERROR, OFF; got 9`}
    ${'logSeverity'}       | ${'info'}                   | ${'got "info"'}
    ${'logSuccess'}        | ${null}                     | ${'logSuccess must be true or false; got null'}
    ${'attemptSpans'}      | ${'true'}                   | ${'attemptSpans must be true or false; got "true"'}
    ${'exceptionEvents'}   | ${[]}                       | ${'exceptionEvents must be true or false; got []'}
    ${'attemptDuration'}   | ${1n}                       | ${'attemptDuration must be true or false; got 1'}
    ${'requireParentSpan'} | ${Symbol('x')}              | ${'requireParentSpan must be true or false; got Symbol(x)'}
    ${'callHook'}          | ${{}}                       | ${'callHook must be a function; got [object Object]'}
    ${'maxOperations'}     | ${0}                        | ${'maxOperations must be a whole number, at least 1; got 0'}
    ${'maxOperations'}     | ${Number.POSITIVE_INFINITY} | ${'maxOperations must be a whole number, at least 1; got Infinity'}
    ${'maxOperations'}     | ${1.5}                      | ${'got 1.5'}
    ${'maxRows'}           | ${49}                       | ${'maxRows must be a whole number, at least 50; got 49'}
    ${'maxRows'}           | ${() => 60}                 | ${'maxRows must be a whole number, at least 50; got () => 60'}
    ${'span'}              | ${'always'}                 | ${'unknown option span ("always"); known are enabled, spans, '}
    ${'maxRows'} | ${{ toString: () => {
    throw new Error('hostile');
  } }} | ${'maxRows must be a whole number, at least 50; got object'}
  `('refuses $option: $value with its name, its value and its rule', ({ option, value, told }) => {
    const construct = () => new ResilienceInstrumentation({ [option]: value });
    expect(construct).toThrow(TypeError);
    expect(construct).toThrow(`ResilienceInstrumentation: `);
    expect(construct).toThrow(told);
  });

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['always', '"always"'],
    [7, '7'],
    [Number.NaN, 'NaN'],
    [1n, '1'],
    [Symbol('x'), 'Symbol(x)'],
    [() => 'always', "() => 'always'"],
  ])('refuses %p for the options as a whole', (config, shown) => {
    expect(() => checkOptions(config)).toThrow(new TypeError(`ResilienceInstrumentation: its options must be an object; got ${shown}`));
  });

  it('takes every option that core takes, with its rule and default, and one of its own', () => {
    expect(Object.keys(OPTIONS)).toEqual(['enabled', ...Object.keys(TELEMETRY_OPTIONS)]);
    for (const [name, option] of Object.entries(TELEMETRY_OPTIONS)) expect(OPTIONS[name]).toBe(option);
  });
});
