import { failureOf } from '../../classify/failureOf.js';
import { begin } from '../fixtures/calls.js';
import { type Listening, listen } from '../fixtures/listen.js';
import { telemetry } from './install.js';

let sdk: Listening;
beforeEach(async () => {
  sdk = await listen({ logSuccess: true });
});
afterEach(() => sdk.stop());

/** A call as another library tells it: an attempt that failed, and one that did not. It has no Attempt of ours. */
function callOf(policy: string, library: string | undefined): string {
  const call = begin(telemetry().policy({ policy, library }), 'GET /stock');
  const error = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  call.attempt(1);
  call.retry(1, failureOf(error), 100);
  call.attempt(2);
  const value = call.run(2, (request: { readonly path: string }) => `${request.path} answered`, { path: '/stock' });
  call.endSuccess(2, 110);
  return value;
}

describe('calls of another library', () => {
  it('run its function with its argument, and tell its failures by class and type as ours', () => {
    expect(callOf('agent', 'undici')).toBe('/stock answered');
    expect(sdk.span().events[0]).toMatchObject({
      name: 'retry',
      attributes: { 'error.class': 'TRANSIENT', 'error.type': 'ECONNRESET', 'redress.library': 'undici' },
    });
  });

  it('carry its name on span, events, logs and metrics', async () => {
    callOf('agent', 'undici');
    const span = sdk.span();
    expect(span.attributes['redress.library']).toBe('undici');
    expect(span.events.map(({ attributes }) => attributes['redress.library'])).toEqual(['undici', 'undici']);
    expect(sdk.logs().map(({ attributes }) => attributes['redress.library'])).toEqual(['undici', 'undici']);
    for (const metric of ['redress.events', 'redress.attempts', 'redress.retries', 'redress.retry.duration', 'redress.attempt.abandoned'])
      expect(Object.keys(await sdk.values(metric, 'redress.library', 'redress.policy'))).toContain('undici agent');
  });

  it('are rows of their own beside those of a policy of the same name, which carry no library', async () => {
    callOf('agent', 'undici');
    callOf('agent', undefined);
    expect(await sdk.values('redress.attempts', 'redress.library', 'retry.attempt')).toEqual({
      'undici 1': 1,
      'undici 2': 1,
      'undefined 1': 1,
      'undefined 2': 1,
    });
    expect(sdk.spans().map(({ attributes }) => 'redress.library' in attributes)).toEqual([true, false]);
  });

  it.each([
    { verdict: undefined, then: 'SERVER_ERROR' },
    { verdict: 'RATE_LIMIT' as const, then: 'RATE_LIMIT' },
    { verdict: { errorClass: 'AUTH' as const, retryAfterMs: 5 }, then: 'AUTH' },
  ])('have a class by a verdict of their own, or else by the default rule: $verdict', ({ verdict, then }) => {
    const failure = failureOf(Object.assign(new Error('busy'), { status: 503 }), verdict);
    expect(failure).toMatchObject({ errorClass: then, errorType: '503', failedBy: 'exception' });
  });
});
