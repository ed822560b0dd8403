import type { CallRecorder } from '../../port/CallRecorder.js';
import { begin, failure, rejectedBy, succeed } from '../../fixtures/calls.js';
import { type Listening, listen } from '../../fixtures/listen.js';
import { telemetry } from '../install.js';

let sdk: Listening;
beforeEach(async () => {
  sdk = await listen();
});
afterEach(() => sdk.stop());

const policy = telemetry().policy({ policy: 'inventory' });
const server = failure('SERVER_ERROR', { errorType: '503' });

describe('what a call counts', () => {
  it('counts attempts, retries, rescues and waits, each under its own number', async () => {
    succeed(policy, 'get-stock', 3);
    succeed(policy, 'get-stock', 1);
    expect(await sdk.values('redress.attempts', 'retry.attempt')).toEqual({ 1: 2, 2: 1, 3: 1 });
    expect(await sdk.values('redress.retries', 'error.class', 'retry.attempt')).toEqual({ 'TRANSIENT 2': 1, 'TRANSIENT 3': 1 });
    expect(await sdk.values('redress.retry.success_after_retries', 'retry.attempt')).toEqual({ 2: 0, 3: 1 });
    expect(await sdk.values('redress.backoff.time', 'error.class')).toEqual({ TRANSIENT: 0.2 });
    expect(await sdk.values('redress.events', 'redress.event')).toEqual({ success: 2, retry: 2 });
  });

  it('[call.one-duration] one sample for each call, in seconds, by outcome', async () => {
    begin(policy).end({ kind: 'failure', attempts: 1, stopReason: 'NO_STRATEGY', failure: server }, 1_500);
    begin(policy).end(rejectedBy('stock', 'open', 0, server), 1);
    begin(policy).endSuccess(1, 250);
    begin(policy).endSuccess(1, Number.NaN);
    expect(await sdk.values('redress.retry.duration', 'redress.outcome', 'redress.stop_reason', 'error.type')).toEqual({
      'failure NO_STRATEGY 503': 1,
      'rejected CIRCUIT_OPEN undefined': 1,
      'success undefined undefined': 2,
    });
    const sums = (await sdk.series())
      .filter(({ name }) => name === 'redress.retry.duration')
      .map((series) => (series.kind === 'histogram' ? [series.sum, series.bounds] : []));
    const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    expect(sums).toEqual([
      [1.5, bounds],
      [0.001, bounds],
      [0.25, bounds],
    ]);
  });

  it('counts an attempt timeout and a slow call, which end nothing', async () => {
    const call: CallRecorder = begin(policy);
    call.attemptTimeout(1, failure('TRANSIENT', { errorType: 'AttemptTimeoutError' }));
    call.event('slow_call', 2);
    call.endSuccess(2, 5);
    expect(await sdk.values('redress.events', 'redress.event', 'error.type')).toEqual({
      'attempt_timeout undefined': 1,
      'slow_call undefined': 1,
      'success undefined': 1,
    });
    expect(sdk.span().events.map(({ name }) => name)).toEqual(['attempt_timeout', 'slow_call', 'success']);
  });
});
