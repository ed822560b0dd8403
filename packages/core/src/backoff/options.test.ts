import { adaptive } from './adaptive.js';
import { constant } from './constant.js';
import { decorrelatedJitter } from './decorrelatedJitter.js';
import { equalJitter } from './equalJitter.js';
import { exponential } from './exponential.js';
import { fullJitter } from './fullJitter.js';
import { retryAfterOr } from './retryAfterOr.js';
import { sequence } from './sequence.js';
import { tokenBackoff } from './tokenBackoff.js';

/** Calls what was written for checked callers as an unchecked one does. */
const unchecked = (factory: (...args: never[]) => unknown, ...args: unknown[]): unknown => Reflect.apply(factory, undefined, args);

const growing = [decorrelatedJitter, equalJitter, fullJitter, tokenBackoff, exponential];
const backoff = constant(1);

describe.each(growing.map((factory) => ({ name: factory.name, factory })))('$name', ({ name, factory }) => {
  it.each([
    { options: { baseMs: -1 }, message: 'baseMs must be a finite number of milliseconds, at least 0; got -1' },
    { options: { baseMs: Number.NaN }, message: 'baseMs must be a finite number of milliseconds, at least 0; got NaN' },
    { options: { maxMs: Infinity }, message: 'maxMs must be a finite number of milliseconds, at least 0; got Infinity' },
    { options: { maxMs: -0.5 }, message: 'maxMs must be a finite number of milliseconds, at least 0; got -0.5' },
    { options: { baseMs: '5' }, message: 'baseMs must be a finite number of milliseconds, at least 0; got "5"' },
    { options: { baseMs: null }, message: 'baseMs must be a finite number of milliseconds, at least 0; got null' },
    { options: { maxMs: {} }, message: 'maxMs must be a finite number of milliseconds, at least 0; got [object Object]' },
    { options: { maxMs: Symbol('x') }, message: 'maxMs must be a finite number of milliseconds, at least 0; got Symbol(x)' },
    { options: { baseMs: 11, maxMs: 10 }, message: 'baseMs must be at most maxMs (10); got 11' },
  ])('[call.options-finite] [call.options-validated] refuses $options', ({ options, message }) => {
    expect(() => unchecked(factory, options)).toThrow(new TypeError(`${name}: ${message}`));
  });

  it.each([{ option: 'base' }, { option: 'toString' }])('[call.options-unknown] refuses the option $option', ({ option }) => {
    const known = factory === exponential ? 'baseMs, maxMs, factor' : 'baseMs, maxMs';
    expect(() => unchecked(factory, { [option]: 1 })).toThrow(new TypeError(`${name}: unknown option ${option} (1); known are ${known}`));
  });

  it.each([
    { options: undefined },
    { options: {} },
    { options: { baseMs: undefined, maxMs: undefined } },
    { options: { baseMs: 0, maxMs: 0 } },
    { options: { baseMs: 10, maxMs: 10 } },
  ])('[call.options-undefined-absent] takes $options', ({ options }) => {
    expect(unchecked(factory, options)).toBeInstanceOf(Function);
  });
});

describe('the options of the others', () => {
  it.each([
    { factory: exponential, args: [{ factor: 0.99 }], message: 'exponential: factor must be a finite number, at least 1; got 0.99' },
    {
      factory: exponential,
      args: [{ factor: Infinity }],
      message: 'exponential: factor must be a finite number, at least 1; got Infinity',
    },
    { factory: constant, args: [], message: 'constant: delayMs must be a finite number of milliseconds, at least 0; got undefined' },
    { factory: constant, args: [-1], message: 'constant: delayMs must be a finite number of milliseconds, at least 0; got -1' },
    { factory: sequence, args: [[]], message: 'sequence: delaysMs must be a list with at least one delay; got []' },
    { factory: sequence, args: [100], message: 'sequence: delaysMs must be a list with at least one delay; got 100' },
    { factory: sequence, args: [{ length: 1 }], message: 'sequence: delaysMs must be a list with at least one delay; got [object Object]' },
    { factory: sequence, args: [[1, 2, -3]], message: 'sequence: delaysMs[2] must be a finite number of milliseconds, at least 0; got -3' },
    {
      factory: sequence,
      args: [[undefined]],
      message: 'sequence: delaysMs[0] must be a finite number of milliseconds, at least 0; got undefined',
    },
    { factory: retryAfterOr, args: [], message: 'retryAfterOr: fallback must be a backoff, which is a function; got undefined' },
    { factory: retryAfterOr, args: [1_000], message: 'retryAfterOr: fallback must be a backoff, which is a function; got 1000' },
    {
      factory: retryAfterOr,
      args: [backoff, { jitterMs: -1 }],
      message: 'retryAfterOr: jitterMs must be a finite number of milliseconds, at least 0; got -1',
    },
    { factory: retryAfterOr, args: [backoff, { jitter: 1 }], message: 'retryAfterOr: unknown option jitter (1); known are jitterMs' },
    { factory: adaptive, args: [{}], message: 'adaptive: fallback must be a backoff, which is a function; got [object Object]' },
    {
      factory: adaptive,
      args: [backoff, { maxMultiplier: 0.9 }],
      message: 'adaptive: maxMultiplier must be a finite number, at least 1; got 0.9',
    },
    {
      factory: adaptive,
      args: [backoff, { windowMs: 1 }],
      message: 'adaptive: unknown option windowMs (1); known are targetSuccess, maxMultiplier, samples',
    },
  ])('[call.options-validated] $message', ({ factory, args, message }) => {
    expect(() => unchecked(factory, ...args)).toThrow(new TypeError(message));
  });

  it.each([0, 1.01])('[call.options-rates] adaptive: a targetSuccess of %d', (rate) => {
    const message = `adaptive: targetSuccess must be a number above 0 and at most 1; got ${rate}`;
    expect(() => unchecked(adaptive, backoff, { targetSuccess: rate })).toThrow(new TypeError(message));
  });

  it.each([0, 0.5, -1])('[call.options-thresholds] adaptive: samples of %d', (count) => {
    const message = `adaptive: samples must be a finite number, at least 1; got ${count}`;
    expect(() => unchecked(adaptive, backoff, { samples: count })).toThrow(new TypeError(message));
  });
});
