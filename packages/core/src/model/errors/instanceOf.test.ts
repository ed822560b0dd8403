import * as errors from '../../index.js';
import { brandOf } from './instanceOf.js';

/** The same modules evaluated a second time: what a program has that loads core as ESM and as CJS. */
function secondCopy(): typeof errors {
  let copy: typeof errors | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof errors>('../../index.js');
  });
  if (copy === undefined) throw new Error('the copy was not loaded');
  return copy;
}

function oneOfEach({
  AbortRetryError,
  AttemptTimeoutError,
  BulkheadFullError,
  RateLimitedError,
  ThrottledError,
  DrainingError,
  CircuitOpenError,
  ConcurrencyError,
  DeadlineExceededError,
  HttpResponseError,
  PermanentError,
  RateLimitError,
  RetryExhaustedError,
  RetryScheduledError,
  ServerError,
}: typeof errors): { readonly type: new (...args: never[]) => Error; readonly error: Error }[] {
  return [
    { type: AbortRetryError, error: new AbortRetryError() },
    { type: AttemptTimeoutError, error: new AttemptTimeoutError({ timeoutMs: 1, attempt: 1 }) },
    { type: DrainingError, error: new DrainingError({ policy: 'p' }) },
    { type: BulkheadFullError, error: new BulkheadFullError({ bulkhead: 'b', maxConcurrent: 1, maxQueued: 0 }) },
    { type: RateLimitedError, error: new RateLimitedError({ limiter: 'r', retryAfterMs: 1, limit: 1, windowMs: 1_000 }) },
    { type: ThrottledError, error: new ThrottledError({ throttle: 't', rejectionProbability: 0.5 }) },
    { type: CircuitOpenError, error: new CircuitOpenError({ circuit: 'c', retryAfterMs: 1 }) },
    { type: ConcurrencyError, error: new ConcurrencyError() },
    { type: DeadlineExceededError, error: new DeadlineExceededError({ timeoutMs: 1 }) },
    { type: HttpResponseError, error: new HttpResponseError({ status: 500 }) },
    { type: PermanentError, error: new PermanentError() },
    { type: RateLimitError, error: new RateLimitError() },
    {
      type: RetryExhaustedError,
      error: new RetryExhaustedError({ attempts: 1, lastResult: 0, errorClass: 'UNKNOWN', stopReason: 'MAX_ATTEMPTS_GLOBAL' }),
    },
    { type: RetryScheduledError, error: new RetryScheduledError({ nextDelayMs: 1, attempts: 1 }) },
    { type: ServerError, error: new ServerError() },
  ];
}

const here = oneOfEach(errors);
const there = oneOfEach(secondCopy());

describe('instanceof', () => {
  it('covers every error class there is', () => {
    const classes = Object.values(errors).filter((each) => typeof each === 'function' && each.prototype instanceof Error);
    expect(new Set([errors.RedressError, ...here.map(({ type }) => type)])).toEqual(new Set(classes));
  });

  it.each([...here, ...there].map(({ type, error }) => ({ name: type.name, error })))(
    '$name of either copy is a RedressError, and a plain Error is none',
    ({ error }) => {
      expect(error).toBeInstanceOf(errors.RedressError);
      expect(new Error('plain') instanceof errors.RedressError).toBe(false);
    },
  );

  it.each(here.map(({ type, error }) => ({ name: type.name, type, error })))(
    '$name is an instance of itself and of Error, of no other',
    ({ type, error }) => {
      expect(error).toBeInstanceOf(Error);
      expect(here.filter((each) => error instanceof each.type).map((each) => each.type)).toEqual([type]);
    },
  );

  it.each(here.map(({ type }, index) => ({ name: type.name, index })))(
    '$name is known across two copies of core, both ways',
    ({ index }) => {
      const ours = here[index];
      const theirs = there[index];
      if (ours === undefined || theirs === undefined) throw new Error('one copy has fewer classes');
      expect(theirs.type).not.toBe(ours.type);
      expect(theirs.error instanceof ours.type).toBe(true);
      expect(ours.error instanceof theirs.type).toBe(true);
      expect(here.filter((each) => theirs.error instanceof each.type)).toHaveLength(1);
    },
  );

  it.each(here.map(({ type, error }) => ({ name: type.name, error })))(
    '$name carries its name, and its stack begins with it',
    ({ name, error }) => {
      expect(error.name).toBe(name);
      expect(Object.prototype.toString.call(error)).toBe('[object Error]');
      expect(error.stack).toMatch(new RegExp(`^${name}`));
      expect(brandOf(error)).toBe(name);
    },
  );

  class OutOfStock extends errors.PermanentError {
    override readonly name = 'OutOfStock';
    readonly sku = 'A1';
  }

  it('narrows the type, of a subclass too', () => {
    const read = (error: unknown): unknown =>
      error instanceof OutOfStock ? error.sku : error instanceof errors.RateLimitError ? error.retryAfterMs : undefined;
    expect([new OutOfStock(), new errors.RateLimitError('x', { retryAfterMs: 5 }), new errors.ServerError()].map(read)).toEqual([
      'A1',
      5,
      undefined,
    ]);
  });

  it.each([
    { given: 'a subclass against itself', is: new OutOfStock() instanceof OutOfStock, then: true },
    { given: 'a subclass against its base', is: new OutOfStock() instanceof errors.PermanentError, then: true },
    { given: "a subclass against its base's copy", is: new OutOfStock() instanceof secondCopy().PermanentError, then: true },
    { given: 'a base against a subclass', is: new errors.PermanentError() instanceof OutOfStock, then: false },
    { given: 'a subclass against another class', is: new OutOfStock() instanceof errors.ServerError, then: false },
    {
      given: 'an Error of the same name',
      is: Object.assign(new Error(), { name: 'PermanentError' }) instanceof errors.PermanentError,
      then: false,
    },
  ])('$given: $then', ({ is, then }) => {
    expect(is).toBe(then);
  });
});

describe('brandOf', () => {
  const throwing = new Proxy(
    {},
    {
      get() {
        throw new Error('hostile');
      },
    },
  );
  it.each([
    { given: 'null', value: null },
    { given: 'undefined', value: undefined },
    { given: 'a string', value: 'PermanentError' },
    { given: 'a plain error', value: new Error() },
    { given: 'an object without a prototype', value: Object.create(null) },
    { given: 'an object without a constructor', value: { constructor: null } },
    { given: 'the class itself, which is no error', value: errors.PermanentError },
    { given: 'a function made to look like one', value: Object.assign(() => 0, { constructor: errors.PermanentError }) },
    { given: 'a proxy that throws', value: throwing },
  ])('is undefined for $given, which is an instance of nothing', ({ value }) => {
    expect(brandOf(value)).toBeUndefined();
    expect(value instanceof errors.PermanentError).toBe(false);
  });
});
