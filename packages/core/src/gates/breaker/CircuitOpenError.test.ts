import { CircuitOpenError, type CircuitOpenErrorOptions } from './CircuitOpenError.js';
import { withoutStack } from '../../model/errors/withoutStack.js';

const quiet = (options: CircuitOpenErrorOptions): CircuitOpenError => withoutStack(() => new CircuitOpenError(options));

describe('CircuitOpenError', () => {
  const cause = new Error('the last one');

  it('tells circuit, state, time to wait and cause', () => {
    const error = new CircuitOpenError({ circuit: 'inventory', state: 'half_open', retryAfterMs: 1_200, cause });
    expect({ ...error }).toEqual({
      name: 'CircuitOpenError',
      errorClass: 'TRANSIENT',
      circuit: 'inventory',
      state: 'half_open',
      retryAfterMs: 1_200,
    });
    expect(error.message).toBe('Circuit inventory is half_open');
    expect(error.cause).toBe(cause);
  });

  it('is open unless told otherwise, and has no cause of its own without one', () => {
    const error = new CircuitOpenError({ circuit: 'inventory', retryAfterMs: 1, cause: undefined });
    expect(error.state).toBe('open');
    expect(Object.hasOwn(error, 'cause')).toBe(false);
  });

  it('has a stack', () => {
    expect(new CircuitOpenError({ circuit: 'c', retryAfterMs: 1 }).stack).toMatch(/^CircuitOpenError: Circuit c is open\n {4}at /);
  });

  describe('withoutStack', () => {
    const limit = Error.stackTraceLimit;
    afterEach(() => {
      Object.defineProperty(Error, 'stackTraceLimit', { value: limit, writable: true, enumerable: true, configurable: true });
    });

    it('is the same error but for the stack, and leaves the limit as it was', () => {
      Error.stackTraceLimit = 7;
      const error = quiet({ circuit: 'inventory', state: 'forced_open', retryAfterMs: Infinity, cause });
      expect(error).toBeInstanceOf(CircuitOpenError);
      expect({ ...error }).toEqual({
        ...new CircuitOpenError({ circuit: 'inventory', state: 'forced_open', retryAfterMs: Infinity, cause }),
      });
      expect(error.cause).toBe(cause);
      expect(error.stack).toBe('CircuitOpenError: Circuit inventory is forced_open');
      expect(Error.stackTraceLimit).toBe(7);
    });

    it('puts the limit back when making the error throws', () => {
      const hostile = {
        circuit: 'c',
        get retryAfterMs(): number {
          throw new Error('hostile');
        },
      };
      expect(() => quiet(hostile)).toThrow('hostile');
      expect(Error.stackTraceLimit).toBe(limit);
    });

    it.each([
      { given: 'read-only', value: 5, property: { writable: false } },
      { given: 'no number', value: undefined, property: { writable: true } },
    ])('keeps the stack where the limit is $given', ({ value, property }) => {
      Object.defineProperty(Error, 'stackTraceLimit', { value, ...property, configurable: true });
      const error = quiet({ circuit: 'c', retryAfterMs: 1 });
      expect(error.retryAfterMs).toBe(1);
      expect(Error.stackTraceLimit).toBe(value);
    });
  });
});
