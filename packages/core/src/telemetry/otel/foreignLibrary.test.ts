import { context } from '@opentelemetry/api';
import { failureOf } from '../../classify/failureOf.js';
import { budget, begin, circuitFacts, rejectedBy } from '../fixtures/calls.js';
import { type Listening, listen } from '../fixtures/listen.js';
import type { CallRecorder } from '../port/CallRecorder.js';
import { METRICS } from '../port/semconv.js';
import type { GaugeObserver, PolicyTelemetry } from '../port/Telemetry.js';
import { telemetry } from './install.js';
import { attemptNumberOf } from './spans/attemptInContext.js';

let sdk: Listening;
beforeEach(async () => {
  sdk = await listen({ logSuccess: true, logSeverity: 'DEBUG', attemptSpans: true, attemptDuration: true });
});
afterEach(() => sdk.stop());

const LIBRARY = 'redress.library';

const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });

/** A call as another library tells it: an attempt that failed, and one that did not. It has no Attempt of ours. */
function retried(policy: PolicyTelemetry, operation = 'GET /stock'): string {
  const call = failedOnce(policy, operation);
  call.attempt(2);
  const value = call.run(2, (request: { readonly path: string }) => `${request.path} answered`, { path: '/stock' });
  call.attemptEnded(2, 5, undefined);
  call.endSuccess(2, 110);
  return value;
}

function failedOnce(policy: PolicyTelemetry, operation: string): CallRecorder {
  const call = begin(policy, operation);
  call.attempt(1);
  call.attemptEnded(1, 5, failureOf(reset));
  call.retry(1, failureOf(reset), 100);
  call.waited('TRANSIENT', 100);
  return call;
}

/** Everything a policy can tell, by what it tells. */
const TELLING: Readonly<Record<string, (policy: PolicyTelemetry) => void>> = {
  'a call that succeeded after a retry': (policy) => void retried(policy),
  'a call that failed': (policy) => {
    const failure = failureOf(reset);
    failedOnce(policy, 'GET /stock').end({ kind: 'failure', attempts: 1, stopReason: 'MAX_ATTEMPTS_GLOBAL', failure }, 10);
  },
  'a call that a circuit refused': (policy) => begin(policy).end(rejectedBy('stock', 'open'), 1),
  'a call that a circuit let through': (policy) => {
    const call = begin(policy);
    call.event('circuit_half_open', 1, circuitFacts('stock', 'half_open'));
    call.attemptTimeout(1, failureOf(reset));
    call.endSuccess(1, 1);
  },
  "a call with its caller's attributes": (policy) => begin(policy, 'GET /stock', { 'app.user': 'x' }).endSuccess(1, 1),
  'an event outside of any call': (policy) => policy.event('circuit_opened', circuitFacts('stock', 'forced_open')),
};

/** All that came out, but the span's events: what their span says they do not say again. */
async function emitted(policy: string): Promise<readonly (readonly [what: string, library: unknown])[]> {
  const spans = sdk.spans();
  const series = (await sdk.series()).filter(({ attributes }) => attributes['redress.policy'] === policy);
  return [
    ...spans.map(({ name, attributes }) => [`span ${name}`, attributes[LIBRARY]] as const),
    ...sdk.logs().map(({ eventName, attributes }) => [`log ${eventName}`, attributes[LIBRARY]] as const),
    ...series.map(({ name, attributes }) => [name, attributes[LIBRARY]] as const),
  ];
}

let number = 0;

describe.each([{ library: 'undici' }, { library: undefined }])('redress.library of a policy of library $library', ({ library }) => {
  it.each(Object.entries(TELLING))('is the same on all that tells of %s', async (_, tell) => {
    const name = `agent ${++number}`;
    tell(telemetry().policy({ policy: name, library }));
    const all = await emitted(name);
    expect(all.length).toBeGreaterThan(2);
    expect(all).toEqual(all.map(([what]) => [what, library]));
  });

  it('is on each metric by policy that a call can have', async () => {
    const name = `agent ${++number}`;
    const gauges = METRICS.filter(({ async, instrument, attributes }) => {
      return async && instrument !== 'counter' && attributes.includes(LIBRARY);
    });
    const observe = (observer: GaugeObserver): void => {
      for (const metric of gauges) observer.observe(metric, 1);
    };
    retried(telemetry().policy({ policy: name, library }, { observe }));
    const series = (await sdk.series()).filter(({ attributes }) => attributes['redress.policy'] === name);
    const metrics = METRICS.filter(({ attributes }) => attributes.includes(LIBRARY)).map((metric) => metric.name);
    expect([...new Set(series.map((each) => each.name))].sort()).toEqual(metrics.sort());
    expect(new Set(series.map(({ attributes }) => attributes[LIBRARY]))).toEqual(new Set([library]));
    expect(series.every(({ attributes }) => LIBRARY in attributes === (library !== undefined))).toBe(true);
  });

  it('is on a span that was made when the call turned out to be a problem', () => {
    sdk.configure({ spans: 'on-problem' });
    retried(telemetry().policy({ policy: 'agent', library }));
    expect(sdk.span().attributes[LIBRARY]).toBe(library);
    expect(sdk.span().events.map(({ attributes }) => LIBRARY in attributes)).toEqual([false, false]);
  });
});

it('is on what a success counter counts, where counts are all that is wanted', async () => {
  await sdk.stop();
  sdk = await listen({ logSeverity: 'OFF', spans: 'never' }, { tracerProvider: undefined, logSink: undefined });
  const counter = telemetry().policy({ policy: 'agent', library: 'undici' }).counter('GET /stock');
  expect(counter).toBeDefined();
  counter?.attempt(1);
  counter?.endSuccess(1, 5);
  for (const metric of ['redress.events', 'redress.attempts', 'redress.retry.duration'])
    expect(await sdk.values(metric, LIBRARY, 'redress.policy', 'operation')).toEqual({ 'undici agent GET /stock': 1 });
});

describe('policies of one name', () => {
  const ROWS = { undici: 'undici twice', got: 'got twice', undefined: 'undefined twice' };
  const policies = () => [undefined, 'undici', 'got'].map((library) => telemetry().policy({ policy: 'twice', library }));

  it.each`
    metric                                   | each
    ${'redress.events'}                      | ${2}
    ${'redress.attempts'}                    | ${2}
    ${'redress.retries'}                     | ${1}
    ${'redress.retry.success_after_retries'} | ${1}
    ${'redress.backoff.time'}                | ${0.1}
    ${'redress.retry.duration'}              | ${1}
    ${'redress.attempt.duration'}            | ${2}
  `('and of different libraries have rows of their own of $metric', async ({ metric, each }) => {
    for (const policy of policies()) retried(policy);
    expect(await sdk.values(metric, LIBRARY, 'redress.policy')).toEqual({ [ROWS.undici]: each, [ROWS.got]: each, [ROWS.undefined]: each });
  });

  it('and of different libraries have gauges of their own, one of which may be disposed', async () => {
    const [ours, undici] = [undefined, 'undici'].map((library, index) =>
      telemetry().policy(
        { policy: 'gauged', library },
        budget(() => 5 + index),
      ),
    );
    const now = async (metric: string): Promise<unknown> => {
      const values = await sdk.values(metric, LIBRARY, 'redress.policy');
      return [values['undefined gauged'], values['undici gauged']];
    };
    ours?.abandoned(1);
    undici?.abandoned(1);
    undici?.abandoned(1);
    expect([await now('redress.retry.budget'), await now('redress.attempt.abandoned')]).toEqual([
      [5, 6],
      [1, 2],
    ]);
    undici?.dispose();
    expect([await now('redress.retry.budget'), await now('redress.attempt.abandoned')]).toEqual([
      [5, 0],
      [1, 0],
    ]);
  });

  it('and of the same library share their rows', async () => {
    for (const _ of [1, 2]) retried(telemetry().policy({ policy: 'shared', library: 'undici' }));
    expect(
      (await sdk.series()).filter(({ attributes, name }) => attributes['redress.policy'] === 'shared' && name === 'redress.retries'),
    ).toHaveLength(1);
    expect((await sdk.values('redress.attempts', 'redress.policy', LIBRARY))['shared undici']).toBe(4);
  });

  it('keep them apart past maxOperations, where operations are `_other`', async () => {
    sdk.configure({ maxOperations: 2, spans: 'never' });
    for (const policy of policies().slice(0, 2)) for (const operation of ['a', 'b', 'c']) retried(policy, operation);
    const values = await sdk.values('redress.attempts', LIBRARY, 'redress.policy', 'operation');
    expect(values).toEqual({ 'undefined twice a': 2, 'undefined twice b': 2, 'undefined twice _other': 2, 'undici twice _other': 6 });
  });
});

describe('a call of another library', () => {
  it('runs its function once with its argument, of whatever type, and gives back its value', () => {
    expect(retried(telemetry().policy({ policy: 'agent', library: 'undici' }))).toBe('/stock answered');
    const call = begin(telemetry().policy({ policy: 'agent', library: 'undici' }));
    const fn = jest.fn((argument: unknown) => [argument]);
    for (const argument of [undefined, null, 7, { path: '/stock' }, ['a']]) expect(call.run(1, fn, argument)).toEqual([argument]);
    expect(fn).toHaveBeenCalledTimes(5);
    call.endSuccess(1, 1);
  });

  it('runs it with its span active and the number of its attempt in the context, and lets through what it throws', () => {
    const call = begin(telemetry().policy({ policy: 'agent', library: 'undici' }));
    expect([1, 2, 3].map((attempt) => call.run(attempt, () => attemptNumberOf(context.active()), undefined))).toEqual([1, 2, 3]);
    expect(() =>
      call.run(
        4,
        (error: Error) => {
          throw error;
        },
        reset,
      ),
    ).toThrow(reset);
    call.endSuccess(4, 1);
  });

  it.each([
    { given: 'a code', error: reset, verdict: undefined, as: ['TRANSIENT', 'ECONNRESET'] },
    { given: 'a status', error: Object.assign(new Error('busy'), { status: 503 }), verdict: undefined, as: ['SERVER_ERROR', '503'] },
    {
      given: 'a verdict',
      error: Object.assign(new Error('busy'), { status: 503 }),
      verdict: 'RATE_LIMIT' as const,
      as: ['RATE_LIMIT', '503'],
    },
    {
      given: 'a verdict in its long form',
      error: new TypeError('wrong'),
      verdict: { errorClass: 'AUTH' as const, retryAfterMs: 5 },
      as: ['AUTH', 'TypeError'],
    },
    { given: 'nothing known', error: 'text', verdict: undefined, as: ['UNKNOWN', 'string'] },
  ])('tells a failure of $given by class and type as ours: $as', async ({ error, verdict, as: [errorClass, errorType] }) => {
    const failure = failureOf(error, verdict);
    expect(failure).toMatchObject({ errorClass, errorType, failedBy: 'exception', error });
    const call = begin(telemetry().policy({ policy: 'agent', library: 'undici' }));
    call.retry(1, failure, 10);
    call.end({ kind: 'failure', attempts: 2, stopReason: 'MAX_ATTEMPTS_GLOBAL', failure }, 10);
    const told = { 'error.class': errorClass, 'error.type': errorType };
    expect(sdk.span().attributes).toMatchObject({ ...told, [LIBRARY]: 'undici' });
    expect(sdk.span().events[0]?.attributes).toMatchObject({ ...told, 'redress.cause': 'exception' });
    expect(Object.keys(await sdk.values('redress.events', 'redress.event', 'error.class', 'error.type'))).toEqual([
      `retry ${errorClass} ${errorType}`,
      `max_attempts_exceeded ${errorClass} ${errorType}`,
    ]);
  });
});
