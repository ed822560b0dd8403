import { context, trace } from '@opentelemetry/api';
import { attempt, begin, succeed } from '../../fixtures/calls.js';
import { type Listening, listen } from '../../fixtures/listen.js';
import { telemetry } from '../install.js';

let sdk: Listening;
beforeEach(async () => {
  sdk = await listen();
});
afterEach(() => sdk.stop());

const policy = telemetry().policy({ policy: 'inventory' });
const who = { 'redress.policy': 'inventory', operation: 'get-stock' };

describe('the context of a call', () => {
  it('[call.nested-spans] is active in the function of every attempt, also after an await', async () => {
    const tracer = sdk.tracerProvider.getTracer('test');
    const call = begin(policy, 'outer');
    for (const number of [1, 2]) {
      call.attempt(number);
      await call.run(
        number,
        async () => {
          await Promise.resolve();
          tracer.startSpan(`client ${number}`).end();
          succeed(policy, `inner ${number}`);
        },
        attempt(number),
      );
    }
    expect(trace.getSpan(context.active())).toBeUndefined();
    call.endSuccess(2, 10);
    const outer = sdk.spans().find(({ name }) => name === 'outer');
    const children = sdk.spans().filter(({ name }) => name !== 'outer');
    expect(children.map(({ name }) => name)).toEqual(['client 1', 'inner 1', 'client 2', 'inner 2']);
    for (const child of children) expect(child).toMatchObject({ parentSpanId: outer?.spanId, traceId: outer?.traceId });
  });

  it('[call.concurrent-isolated] of two calls at once is never mixed up', async () => {
    const tracer = sdk.tracerProvider.getTracer('test');
    const one = async (name: string): Promise<void> => {
      const call = begin(policy, name);
      await call.run(
        1,
        async () => {
          await new Promise((resolve) => setImmediate(resolve));
          tracer.startSpan(`child of ${name}`).end();
        },
        attempt(),
      );
      call.endSuccess(1, 1);
    };
    await Promise.all([one('a'), one('b')]);
    const byName = new Map(sdk.spans().map((span) => [span.name, span]));
    expect(byName.get('child of a')?.parentSpanId).toBe(byName.get('a')?.spanId);
    expect(byName.get('child of b')?.parentSpanId).toBe(byName.get('b')?.spanId);
  });
});

describe("the caller's attributes", () => {
  const hostile = {
    'app.ok': 'yes',
    get 'app.bad'(): string {
      throw new Error('hostile');
    },
  };
  const proxy = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('hostile');
      },
    },
  );
  it.each([
    { given: 'their own names', attributes: { 'app.tags': ['a', 'b'], 'app.n': 1 }, shown: { 'app.tags': ['a', 'b'], 'app.n': 1 } },
    { given: 'undefined', attributes: { 'app.x': undefined }, shown: {} },
    {
      given: 'names of ours',
      attributes: { 'redress.policy': 'mine', operation: 'mine', 'error.type': 'mine', 'redress.new': 1, 'circuit.name': 'x' },
      shown: {},
    },
    { given: 'a getter that throws', attributes: hostile, shown: { 'app.ok': 'yes' } },
    { given: 'keys that throw', attributes: proxy, shown: {} },
  ])('$given', ({ attributes, shown }) => {
    begin(policy, 'get-stock', attributes).endSuccess(1, 1);
    expect(sdk.span().attributes).toEqual({ ...who, 'redress.attempt_count': 1, 'redress.outcome': 'success', ...shown });
  });
});
