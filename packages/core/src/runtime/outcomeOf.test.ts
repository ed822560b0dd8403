import { deepError, hostileErrors } from '../classify/fixtures/hostileErrors.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { withStatus } from './fixtures/script.js';
import { outcomeOf } from './outcomeOf.js';

/** The error of a call that failed in that class. */
async function rejected(error: object = withStatus(404)): Promise<unknown> {
  const policy = createRegistry().policy('outcomes', { clock: new FakeClock(), retry: false });
  return policy
    .call(() => {
      throw error;
    })
    .catch((thrown: unknown) => thrown);
}

const notFound = { ok: false, stopReason: 'NON_RETRYABLE_CLASS', attempts: 1, errorClass: 'PERMANENT' };

/** Puts an error at the end of a chain of so many others. */
function under(error: unknown, depth: number): Error {
  const outer = deepError(depth - 1, {});
  let innermost = outer;
  while (innermost.cause instanceof Error) innermost = innermost.cause;
  innermost.cause = error;
  return outer;
}

describe('outcomeOf', () => {
  it.each<{ given: string; wrap: (error: unknown) => unknown; then: object | undefined }>([
    { given: 'the error itself', wrap: (error) => error, then: notFound },
    { given: 'an error that it caused', wrap: (cause) => new Error('no such order', { cause }), then: notFound },
    { given: 'an error 99 causes away', wrap: (error) => under(error, 99), then: notFound },
    { given: 'an error 100 causes away', wrap: (error) => under(error, 100), then: undefined },
    { given: 'an AggregateError', wrap: (error) => new AggregateError([new Error('other'), error]), then: notFound },
    { given: 'what an ORM wraps', wrap: (original) => Object.assign(new Error('query failed'), { original }), then: notFound },
    { given: 'no error at all, but with a cause', wrap: (cause) => ({ cause }), then: notFound },
    {
      given: 'a cycle',
      wrap: (error) => {
        const outer = new Error('outer');
        outer.cause = new AggregateError([outer, new Error('inner', { cause: error })]);
        return outer;
      },
      then: notFound,
    },
  ])('[call.outcome-of-cause] of $given is $then.stopReason', async ({ wrap, then }) => {
    const outcome = outcomeOf(wrap(await rejected()));
    if (then === undefined) expect(outcome).toBeUndefined();
    else expect(outcome).toMatchObject(notFound);
  });

  it('[call.outcome-of-cause] of an error that wraps another call is that of its own call first', async () => {
    const inner = await rejected();
    const outer = await rejected(Object.assign(new Error('outer', { cause: inner }), { status: 500 }));
    expect(outcomeOf(outer)).not.toBe(outcomeOf(inner));
    expect(outcomeOf(outer)).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', errorClass: 'SERVER_ERROR' });
    expect(outcomeOf(new Error('translated', { cause: outer }))).toBe(outcomeOf(outer));
  });

  it.each(hostileErrors)('[call.outcome-of-cause] is undefined, and throws nothing, for $given', ({ error }) => {
    expect(outcomeOf(error)).toBeUndefined();
  });
});
