import { fixed } from '../../testing/fixedBackoffs.js';
import { FakeClock } from '../../testing/FakeClock.js';
import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import { createRegistry } from '../../policy/Registry.js';
import { told, withDiag } from '../fixtures/diag.js';
import { type Listening, listen } from '../fixtures/listen.js';

let sdk: Listening;
let number = 0;
beforeEach(async () => {
  withDiag();
  sdk = await listen();
});
afterEach(() => sdk.stop());

const rowsOf = async (policy: string, ...by: string[]): Promise<string[]> =>
  (await sdk.series())
    .filter(({ name, attributes }) => name === 'redress.events' && attributes['redress.policy'] === policy)
    .map(({ attributes }) => by.map((attribute) => String(attributes[attribute])).join(' '))
    .sort();

function made(options: PolicyOptions, name = `zero ${++number}`) {
  const registry = createRegistry();
  const clock = new FakeClock();
  return { registry, clock, policy: registry.policy(name, { clock, ...options }) };
}

const exhausted = async (policy: string): Promise<string[]> =>
  (await rowsOf(policy, 'redress.event', 'operation', 'error.class')).filter((row) => row.startsWith('budget_exhausted'));

describe('rows of what may happen', () => {
  it.each<{ given: string; retry: PolicyOptions['retry']; classes: string[] }>([
    { given: 'the defaults', retry: {}, classes: ['CONCURRENCY', 'RATE_LIMIT', 'SERVER_ERROR', 'TRANSIENT', 'UNKNOWN'] },
    { given: 'a backoff for one class', retry: { backoffByClass: { TRANSIENT: fixed(1) } }, classes: ['TRANSIENT'] },
    {
      given: 'classes capped at one attempt',
      retry: { maxUnknownAttempts: 1, maxAttemptsByClass: { RATE_LIMIT: 1 } },
      classes: ['CONCURRENCY', 'SERVER_ERROR', 'TRANSIENT'],
    },
    { given: 'one attempt', retry: { maxAttempts: 1 }, classes: [] },
    { given: 'no retries', retry: false, classes: [] },
    { given: 'no budget', retry: { budget: false }, classes: [] },
  ])('[telemetry.zero-rows] an empty budget may end $classes with $given', async ({ retry, classes }) => {
    const { policy } = made({ retry });
    expect(await exhausted(policy.name)).toEqual([]);
    await policy.call(() => 1, { operation: 'first' });
    await policy.call(() => 1, { operation: 'second' });
    expect(await exhausted(policy.name)).toEqual(classes.map((each) => `budget_exhausted first ${each}`));
  });

  it('[telemetry.zero-rows] a budget that comes by an update has its rows with the next call', async () => {
    const { policy, registry } = made({ retry: { budget: false, backoffByClass: { TRANSIENT: fixed(1) } } });
    await policy.call(() => 1);
    registry.updatePolicy(policy.name, { retry: { budget: { max: 1, windowMs: 1_000 }, backoffByClass: { TRANSIENT: fixed(1) } } });
    await policy.call(() => 1);
    expect(await exhausted(policy.name)).toEqual([`budget_exhausted ${policy.name} TRANSIENT`]);
  });

  it('[telemetry.zero-rows] changes of a circuit are once a policy, a refusal once an operation, and of one that nobody called none', async () => {
    const { policy } = made({ retry: false, circuitBreaker: {} });
    policy.circuitBreaker?.forceOpen();
    policy.circuitBreaker?.reset();
    const changed = ['circuit_closed undefined closed', 'circuit_opened undefined forced_open'];
    const by = ['redress.event', 'operation', 'circuit.state'] as const;
    expect(await rowsOf(policy.name, ...by)).toEqual(changed);
    for (const operation of ['a', 'b']) await policy.call(() => 1, { operation });
    expect(await rowsOf(policy.name, ...by)).toEqual([
      'circuit_closed undefined closed',
      'circuit_half_open undefined half_open',
      'circuit_opened undefined forced_open',
      'circuit_opened undefined open',
      'circuit_rejected a undefined',
      'circuit_rejected b undefined',
      'success a undefined',
      'success b undefined',
    ]);
  });

  it('[telemetry.zero-rows] spend no name that they have no room for: a circuit that opens later has its own', async () => {
    sdk.configure({ maxRows: 400 });
    for (let n = 0; n < 150; n++) await made({ retry: false, circuitBreaker: {} }).policy.call(() => 1);
    const { policy } = made({ retry: false, circuitBreaker: {} });
    policy.circuitBreaker?.forceOpen();
    expect(await rowsOf(policy.name, 'redress.event', 'circuit.name')).toEqual([`circuit_opened ${policy.name}`]);
    const names = new Set((await sdk.series()).filter((one) => one.name === 'redress.events').map((one) => one.attributes['circuit.name']));
    expect(names.size).toBeLessThan(40);
  });

  it('[telemetry.many-circuits] past the bound diag names the remedy: maxRows, and the limit of the SDK with it', async () => {
    for (let n = 0; n < 400; n++) made({ retry: false, circuitBreaker: {} }).policy.circuitBreaker?.forceOpen();
    const lines = told().filter((line) => line.includes('circuits in redress.events') || line.includes('circuits: gauges'));
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toContain("raise maxRows, and the SDK's aggregationCardinalityLimit with it");
  });
});
