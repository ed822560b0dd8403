import { exceptionAttributes } from './exceptionEvent.js';

class CodedError extends Error {
  readonly code = 'ECONNRESET';
}
const stackless = (error: Error): Error => Object.assign(error, { stack: undefined });
const renamed = stackless(Object.assign(new Error('m'), { name: 'Renamed' }));
const throwing = (): never => {
  throw new Error('hostile');
};
const getters = Object.defineProperties({}, { message: { get: throwing }, stack: { get: throwing }, name: { get: throwing } });
const noConstructor: object = Object.assign(Object.create(null), { name: 'Bare', message: 'm' });
const badConstructor = Object.defineProperty({}, 'constructor', { get: throwing });

describe('the exception event', () => {
  it.each([
    { given: 'an Error', error: stackless(new TypeError('fetch failed')), type: 'TypeError', message: 'fetch failed' },
    { given: 'an error with a code', error: stackless(new CodedError('reset')), type: 'CodedError', message: 'reset' },
    { given: 'an error renamed', error: renamed, type: 'Error', message: 'm' },
    { given: 'an empty message', error: stackless(new Error('')), type: 'Error', message: undefined },
    { given: 'a string', error: 'oops', type: 'string', message: 'oops' },
    { given: 'null', error: null, type: 'null', message: 'null' },
    { given: 'undefined', error: undefined, type: 'undefined', message: 'undefined' },
    { given: 'a symbol', error: Symbol('s'), type: 'symbol', message: 'Symbol(s)' },
    { given: 'getters that throw', error: getters, type: 'Object', message: undefined },
    { given: 'no constructor', error: noConstructor, type: 'Bare', message: 'm' },
    { given: 'a constructor that throws', error: badConstructor, type: 'Error', message: undefined },
    { given: 'a frozen error', error: Object.freeze(stackless(new RangeError('r'))), type: 'RangeError', message: 'r' },
  ])('of $given is of type $type', ({ error, type, message }) => {
    expect(exceptionAttributes(error)).toEqual({ 'exception.type': type, ...(message !== undefined && { 'exception.message': message }) });
  });

  it('has the stack trace', () => {
    const error = new Error('m');
    expect(exceptionAttributes(error)['exception.stacktrace']).toBe(error.stack);
  });
});
