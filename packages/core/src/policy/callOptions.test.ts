import { AROUND } from '../around/list.js';
import type { CallOptions } from '../runtime/CallOptions.js';
import { FakeClock } from '../testing/FakeClock.js';
import { createRegistry } from './Registry.js';

const around = AROUND.flatMap(({ callRules }) => Object.keys(callRules)).join(', ');
const KNOWN = `operation, signal, timeoutMs, attributes, timeline, retry, idempotent, hedge, resume, classifyResult, parent, sleep, beforeSleep, priority, cost, ${around}`;

/** What a call with these options is told, by each way to make one. */
async function said(options: unknown): Promise<string[]> {
  const policy = createRegistry().policy('p', { clock: new FakeClock() });
  const given = options as CallOptions;
  const ways: (() => unknown)[] = [
    () => policy.call(() => 1, given),
    () => policy.settle(() => 1, given),
    () => policy.with(given),
    () => policy.wrap(() => 1, given),
    () => policy.fn(() => 1, given),
  ];
  const texts: string[] = [];
  for (const way of ways) {
    try {
      await way();
      texts.push('nothing');
    } catch (error) {
      texts.push(error instanceof TypeError ? error.message : `not a TypeError: ${String(error)}`);
    }
  }
  return texts;
}

describe('[call.options-validated] a wrong option of a call is told by name, value and rule', () => {
  it.each<[unknown, string]>([
    [null, 'options must be an object; got null'],
    ['get-stock', 'options must be an object; got "get-stock"'],
    [{ operation: '' }, 'operation must be a string that is not empty; got ""'],
    [{ operation: 5 }, 'operation must be a string that is not empty; got 5'],
    [{ signal: {} }, 'signal must be an AbortSignal; got [object Object]'],
    [{ signal: new AbortController() }, 'signal must be an AbortSignal; got [object AbortController]'],
    [{ timeoutMs: 0 }, 'timeoutMs must be a finite number of milliseconds above 0; got 0'],
    [{ timeoutMs: Infinity }, 'timeoutMs must be a finite number of milliseconds above 0; got Infinity'],
    [{ attributes: 'a' }, 'attributes must be an object; got "a"'],
    [{ timeline: 1 }, 'timeline must be true or false; got 1'],
    [{ retry: true }, 'retry must be an object, or false; got true'],
    [{ retry: { maxAttempts: 0 } }, 'retry.maxAttempts must be a whole number, at least 1; got 0'],
    [{ retry: { backoff: 1 } }, 'unknown option retry.backoff (1); known are maxAttempts'],
    [
      { retry: { retries: 2 } },
      'unknown option retry.retries (2); maxAttempts = retries + 1, the first attempt included: retry.maxAttempts: 3',
    ],
    [{ idempotent: 'no' }, 'idempotent must be true or false; got "no"'],
    [{ resume: 2 }, 'resume must be an object; got 2'],
    [{ resume: {} }, 'resume.attempt must be the number of the last attempt made; got undefined'],
    [{ resume: { attempt: 0 } }, 'resume.attempt must be a whole number, at least 1; got 0'],
    [{ resume: { attempt: 1, previousDelayMs: -1 } }, 'resume.previousDelayMs must be a finite number, at least 0; got -1'],
    [{ classifyResult: 'ok' }, 'classifyResult must be a function; got "ok"'],
    [{ parent: {} }, 'parent must be the attempt that a function was given; got [object Object]'],
    [{ sleep: 'defer' }, 'sleep must be a function; got "defer"'],
    [{ beforeSleep: 1 }, 'beforeSleep must be a function; got 1'],
    [{ timeout: 5 }, `unknown option timeout (5); known are ${KNOWN}`],
    [{ fallback: 5 }, 'fallback must be an object, or a list of them that is not empty, or false; got 5'],
    [{ cacheKey: '' }, 'cacheKey must be a string that is not empty; got ""'],
    [{ cacheKey: 5 }, 'cacheKey must be a string that is not empty; got 5'],
  ])('%p', async (options, text) => {
    expect(await said(options)).toEqual(Array(5).fill(`a call of policy p: ${text}`));
  });

  it('[call.options-undefined-absent] undefined is absent', async () => {
    const absent = Object.fromEntries(KNOWN.split(', ').map((key) => [key, undefined]));
    expect(await said(absent)).toEqual(Array(5).fill('nothing'));
    expect(await said(undefined)).toEqual([
      'nothing',
      'nothing',
      'a call of policy p: options must be an object; got undefined',
      'nothing',
      'nothing',
    ]);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['fn', 'string'],
    [Promise.resolve(1), 'object'],
  ])('what is called must be a function, not %p', async (fn, got) => {
    const policy = createRegistry().policy('p');
    const wrong = new TypeError(`a call of policy p: fn must be a function; got ${got}`);
    await expect(policy.call(fn as never)).rejects.toEqual(wrong);
    await expect(policy.settle(fn as never)).rejects.toEqual(wrong);
    expect(() => policy.wrap(fn as never)).toThrow(wrong);
    expect(() => policy.fn(fn as never)).toThrow(wrong);
  });

  it('a wrong option is found in an object that was right before, unless it is frozen', async () => {
    const policy = createRegistry().policy('p');
    const options: { operation: string } = { operation: 'fine' };
    await policy.call(() => 1, options);
    options.operation = '';
    await expect(policy.call(() => 1, options)).rejects.toThrow('operation must be');
    const frozen = Object.freeze({ operation: 'fine' });
    await expect(policy.call(() => 1, frozen)).resolves.toBe(1);
    await expect(policy.call(() => 1, frozen)).resolves.toBe(1);
  });

  it('options with getters that throw are refused, and no call begins', async () => {
    const policy = createRegistry().policy('p');
    const fn = jest.fn();
    const hostile = Object.defineProperty({}, 'operation', {
      enumerable: true,
      get: () => {
        throw new Error('got');
      },
    });
    await expect(policy.settle(fn, hostile)).rejects.toThrow('got');
    expect(fn).not.toHaveBeenCalled();
  });
});
