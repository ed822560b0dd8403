import { begin, circuitFacts, failure, rejectedBy } from '../../fixtures/calls.js';
import { type Listening, listen } from '../../fixtures/listen.js';
import { telemetry } from '../install.js';

let sdk: Listening;
beforeEach(async () => {
  sdk = await listen();
});
afterEach(() => sdk.stop());

const policy = telemetry().policy({ policy: 'inventory' });
const server = failure('SERVER_ERROR', { errorType: '503' });

describe('circuits on a call', () => {
  it.each([
    { to: 'open', event: 'circuit_opened', log: 'ERROR' },
    { to: 'forced_open', event: 'circuit_opened', log: 'ERROR' },
    { to: 'half_open', event: 'circuit_half_open', log: 'WARN' },
    { to: 'closed', event: 'circuit_closed', log: 'INFO' },
  ] as const)('a change to $to is told as $event', async ({ to, event, log }) => {
    const call = begin(policy, 'get-stock');
    call.event(event, 2, circuitFacts('stock', to));
    call.endSuccess(2, 5);
    expect(sdk.span().events[0]).toMatchObject({
      name: event,
      attributes: { 'retry.attempt': 2, 'circuit.name': 'stock', 'circuit.state': to },
    });
    expect(sdk.logs()[0]).toMatchObject({ eventName: `redress.${event}`, severityText: log });
    expect(await sdk.values('redress.events', 'redress.event', 'circuit.state')).toEqual({ [`${event} ${to}`]: 1, 'success undefined': 1 });
  });

  it('a change outside of a call carries the policy as its operation in the log, none on metrics, and attempt 0', async () => {
    policy.event('circuit_opened', circuitFacts('stock', 'forced_open'));
    expect(sdk.spans()).toEqual([]);
    expect(sdk.logs()[0]?.attributes).toMatchObject({
      'redress.policy': 'inventory',
      operation: 'inventory',
      'retry.attempt': 0,
      'circuit.state': 'forced_open',
    });
    expect(await sdk.values('redress.events', 'operation', 'redress.event')).toEqual({ 'undefined circuit_opened': 1 });
  });

  it('a change of a circuit that no policy owns carries its name as policy and operation, and makes no gauges of a policy', async () => {
    telemetry().event('lonely', 'circuit_opened', circuitFacts('lonely', 'forced_open'));
    expect(sdk.logs()[0]?.attributes).toMatchObject({
      'redress.policy': 'lonely',
      operation: 'lonely',
      'retry.attempt': 0,
      'circuit.name': 'lonely',
    });
    expect(await sdk.values('redress.events', 'redress.policy', 'redress.event')).toEqual({ 'lonely circuit_opened': 1 });
    expect(await sdk.values('redress.attempt.abandoned', 'redress.policy')).not.toHaveProperty('lonely');
  });

  it('a refusal that was only observed is marked, and the call goes on to its one terminal event', async () => {
    const call = begin(policy, 'get-stock');
    call.event('circuit_rejected', 1, { ...circuitFacts('stock', 'open'), 'redress.observe_only': true });
    call.endSuccess(1, 5);
    expect(sdk.span().events.map(({ name, attributes }) => [name, attributes['redress.observe_only']])).toEqual([
      ['circuit_rejected', true],
    ]);
    expect(await sdk.values('redress.events', 'redress.event', 'redress.observe_only')).toEqual({
      'circuit_rejected true': 1,
      'success undefined': 1,
    });
  });

  it('a refused call links to the span whose failure opened the circuit', () => {
    const opener = begin(policy, 'opener');
    const cause = opener.cause();
    opener.end({ kind: 'failure', attempts: 1, stopReason: 'MAX_ATTEMPTS_GLOBAL', failure: server }, 5);
    const refused = begin(policy, 'refused');
    refused.link(cause);
    refused.end(rejectedBy('stock', 'open'), 1);
    const [first, second] = sdk.spans();
    expect(second?.links).toMatchObject([{ traceId: first?.traceId, spanId: first?.spanId }]);
  });

  it('a call makes no link to itself', () => {
    const call = begin(policy);
    call.link(call.cause());
    call.endSuccess(1, 1);
    expect(sdk.span().links).toEqual([]);
  });

  it.each([undefined, null, 7, 'text', {}, { traceId: 'x', spanId: 'y' }, { traceId: '0'.repeat(32), spanId: '0'.repeat(16) }])(
    'a cause of %p makes no link',
    (cause) => {
      const call = begin(policy);
      call.link(cause);
      call.endSuccess(1, 1);
      expect(sdk.span().links).toEqual([]);
    },
  );
});
