import type { CallEnd } from '../../../model/CallEnd.js';
import { aborted, begin, failure, rejectedBy, succeed } from '../../fixtures/calls.js';
import { allTold, withDiag } from '../../fixtures/diag.js';
import { type Listening, listen } from '../../fixtures/listen.js';
import { telemetry } from '../install.js';

let sdk: Listening;
beforeEach(async () => {
  sdk = await listen();
});
afterEach(() => sdk.stop());

const policy = telemetry().policy({ policy: 'inventory' });
const exception = 'exception';
const who = { 'redress.policy': 'inventory', operation: 'get-stock' };
const server = failure('SERVER_ERROR', { errorType: '503' });
const failedAs = { 'error.class': 'SERVER_ERROR', 'error.type': '503' };

function end(how: CallEnd): CallEnd {
  return how;
}

interface Ending {
  readonly given: string;
  readonly end: CallEnd;
  readonly status: string;
  readonly attributes: Record<string, unknown>;
  readonly events: readonly string[];
  readonly event: Record<string, unknown>;
  readonly log: string;
}

const failed = (stopReason: Extract<CallEnd, { kind: 'failure' }>['stopReason'], event: string): Ending => ({
  given: stopReason,
  end: end({ kind: 'failure', attempts: 2, stopReason, failure: server }),
  status: 'error',
  attributes: {
    'redress.attempt_count': 2,
    'redress.retried': true,
    'redress.outcome': 'failure',
    'redress.stop_reason': stopReason,
    ...failedAs,
  },
  events: [event, exception],
  event: { 'retry.attempt': 2, 'redress.stop_reason': stopReason, 'redress.cause': 'exception', ...failedAs },
  log: 'ERROR',
});

describe('the span of a call that did not succeed', () => {
  it.each<Ending>([
    failed('NON_RETRYABLE_CLASS', 'permanent_fail'),
    failed('DEADLINE_EXCEEDED', 'deadline_exceeded'),
    failed('MAX_ATTEMPTS_GLOBAL', 'max_attempts_exceeded'),
    failed('MAX_ATTEMPTS_PER_CLASS', 'max_attempts_exceeded'),
    failed('MAX_UNKNOWN_ATTEMPTS', 'max_unknown_attempts_exceeded'),
    failed('NO_STRATEGY', 'no_strategy_configured'),
    failed('BUDGET_EXHAUSTED', 'budget_exhausted'),
    {
      given: 'a bad result',
      end: end({
        kind: 'failure',
        attempts: 1,
        stopReason: 'MAX_ATTEMPTS_GLOBAL',
        failure: failure('SERVER_ERROR', { failedBy: 'result', errorType: 'SERVER_ERROR' }),
      }),
      status: 'error',
      attributes: {
        'redress.attempt_count': 1,
        'redress.outcome': 'failure',
        'redress.stop_reason': 'MAX_ATTEMPTS_GLOBAL',
        'error.class': 'SERVER_ERROR',
        'error.type': 'SERVER_ERROR',
      },
      events: ['max_attempts_exceeded'],
      event: {
        'retry.attempt': 1,
        'redress.stop_reason': 'MAX_ATTEMPTS_GLOBAL',
        'error.class': 'SERVER_ERROR',
        'error.type': 'SERVER_ERROR',
        'redress.cause': 'result',
      },
      log: 'ERROR',
    },
    {
      given: 'a deferral',
      end: end({ kind: 'scheduled', stopReason: 'SCHEDULED', attempts: 1, failure: server, delayMs: 2_500 }),
      status: 'unset',
      attributes: { 'redress.attempt_count': 1, 'redress.outcome': 'scheduled', 'redress.stop_reason': 'SCHEDULED' },
      events: ['scheduled'],
      event: {
        'retry.attempt': 1,
        'redress.stop_reason': 'SCHEDULED',
        ...failedAs,
        'redress.cause': 'exception',
        'redress.backoff.delay': 2.5,
      },
      log: 'INFO',
    },
    {
      given: 'an abort in the second attempt',
      end: end(aborted(2, 1)),
      status: 'unset',
      attributes: { 'redress.attempt_count': 2, 'redress.retried': true, 'redress.outcome': 'aborted', 'redress.stop_reason': 'ABORTED' },
      events: ['aborted'],
      event: { 'retry.attempt': 1, 'redress.stop_reason': 'ABORTED' },
      log: 'INFO',
    },
    {
      given: 'a refusal at admission',
      end: end(rejectedBy('stock', 'open')),
      status: 'error',
      attributes: {
        'redress.attempt_count': 0,
        'circuit.name': 'stock',
        'redress.outcome': 'rejected',
        'redress.stop_reason': 'CIRCUIT_OPEN',
      },
      events: ['circuit_rejected'],
      event: { 'retry.attempt': 0, 'redress.stop_reason': 'CIRCUIT_OPEN', 'circuit.name': 'stock', 'circuit.state': 'open' },
      log: 'WARN',
    },
    {
      given: 'a refusal in the middle of a retry',
      end: end(rejectedBy('stock', 'half_open', 2, server)),
      status: 'error',
      attributes: {
        'redress.attempt_count': 2,
        'redress.retried': true,
        'circuit.name': 'stock',
        'redress.outcome': 'failure',
        'redress.stop_reason': 'CIRCUIT_OPEN',
        ...failedAs,
      },
      events: ['circuit_rejected', exception],
      event: {
        'retry.attempt': 2,
        'redress.stop_reason': 'CIRCUIT_OPEN',
        'circuit.name': 'stock',
        'circuit.state': 'half_open',
        'redress.cause': 'exception',
        ...failedAs,
      },
      log: 'ERROR',
    },
  ])(
    '[call.one-terminal-event] $given: status, attributes, one terminal event, one log event',
    ({ end, status, attributes, events, event, log }) => {
      const call = begin(policy, 'get-stock');
      call.end(end, 40);
      const span = sdk.span();
      expect(span.name).toBe('get-stock');
      expect(span.kind).toBe('internal');
      expect(span.status).toBe(status);
      expect(span.statusMessage).toBe(status === 'error' ? attributes['redress.stop_reason'] : undefined);
      expect(span.attributes).toEqual({ ...who, ...attributes });
      expect(span.events.map(({ name }) => name)).toEqual(events);
      expect(span.events[0]?.attributes).toEqual(event);
      expect(sdk.logs()).toMatchObject([
        { eventName: `redress.${events[0]}`, severityText: log, traceId: span.traceId, spanId: span.spanId },
      ]);
      expect(sdk.logs()[0]?.attributes).toEqual({ ...who, ...event, 'redress.event': events[0] });
    },
  );
});

describe('the span of a call that succeeded', () => {
  it.each([
    { at: 1, events: [] },
    { at: 3, events: ['retry', 'retry', 'success'] },
  ])('at attempt $at has no error', async ({ at, events }) => {
    succeed(policy, 'get-stock', at);
    const span = sdk.span();
    expect(span.status).toBe('unset');
    const retried = at > 1 ? { 'redress.retried': true } : {};
    expect(span.attributes).toEqual({ ...who, ...retried, 'redress.attempt_count': at, 'redress.outcome': 'success' });
    expect(span.events.map(({ name }) => name)).toEqual(events);
    expect(span.events.at(-1)?.attributes).toEqual(at > 1 ? { 'retry.attempt': at } : undefined);
    expect(span.events.map(({ timeMs }) => timeMs)).toEqual(span.events.map(({ timeMs }) => timeMs).sort((a, b) => a - b));
    for (const { timeMs } of span.events) {
      expect(timeMs).toBeGreaterThanOrEqual(span.startMs);
      expect(timeMs).toBeLessThanOrEqual(span.endMs);
    }
  });

  it('tells each retry with the failed attempt and the delay in seconds', () => {
    succeed(policy, 'get-stock', 2);
    expect(sdk.span().events[0]).toMatchObject({
      name: 'retry',
      attributes: {
        'retry.attempt': 1,
        'error.class': 'TRANSIENT',
        'error.type': 'TypeError',
        'redress.cause': 'exception',
        'redress.backoff.delay': 0.1,
      },
    });
    expect(sdk.logs().map(({ eventName, severityText }) => `${severityText} ${eventName}`)).toEqual(['INFO redress.retry']);
  });

  it('[call.one-span] [call.one-terminal-event] [call.one-duration] ends once, whatever is told afterwards', async () => {
    withDiag();
    const call = begin(policy);
    call.endSuccess(1, 5);
    call.endSuccess(1, 5);
    call.end(aborted(1, 1), 5);
    call.retry(1, failure(), 5);
    expect(sdk.span().events).toEqual([]);
    // The SDK complains of a span that is ended again.
    expect(allTold()).toEqual([]);
    expect(await sdk.values('redress.events', 'redress.event')).toEqual({ success: 1 });
    expect(await sdk.values('redress.retry.duration', 'redress.outcome')).toEqual({ success: 1 });
  });
});
