/** What a user writes, as in the design: it must compile. */
import {
  type Attempt,
  CircuitBreaker,
  createRegistry,
  decorrelatedJitter,
  defaultClassifier,
  type ErrorClass,
  getPolicy,
  type Outcome,
  drain,
  healthCheck,
  type HealthReport,
  outcomeOf,
  presets,
  resume,
  type Policy,
  policy,
  RetryBudget,
  type SleepDecision,
  type SleepHandler,
  throwIfNotOk,
  updatePolicy,
} from '@redress/core';

declare const url: string;
declare const caller: AbortSignal;

const inventory = policy('inventory', {
  timeoutMs: 10_000,
  attemptTimeoutMs: 2_000,
  retry: { maxAttempts: 4, backoffByClass: { RATE_LIMIT: decorrelatedJitter({ maxMs: 60_000 }) } },
  circuitBreaker: {},
});

export const stock: unknown = await inventory.call(async ({ signal }) => throwIfNotOk(await fetch(url, { signal })).json(), {
  operation: 'get-stock',
});
export const response: Response = await inventory.call(({ signal }) => fetch(url, { signal }));

// A policy that is given a breaker has one.
export const state: 'closed' | 'open' | 'half_open' | 'forced_open' = inventory.circuitBreaker.state;
inventory.circuitBreaker.forceOpen();
inventory.circuitBreaker.forceClose();
inventory.circuitBreaker.reset();

// One made without options need not.
const plain: Policy = policy('plain');
export const breaker: CircuitBreaker | undefined = plain.circuitBreaker;

// A sync function gives a promise of what it returns, an async one of what it resolves with.
export const sync: Promise<number> = plain.call(() => 1);
export const async: Promise<number> = plain.call(async () => 1);

// Outcomes tell their kinds apart by `ok` and `stopReason`.
export function describe(outcome: Outcome<string>): string {
  if (outcome.ok) return outcome.value;
  switch (outcome.stopReason) {
    case 'SCHEDULED':
      return `again in ${outcome.nextDelayMs} ms, after ${outcome.errorClass}`;
    case 'CIRCUIT_OPEN':
    case 'BULKHEAD_FULL':
    case 'RATE_LIMITED':
    case 'THROTTLED':
    case 'DRAINING':
      return `${outcome.error.message}, again in ${outcome.retryAfterMs} ms`;
    case 'ABORTED':
      return `aborted after ${outcome.attempts} attempts`;
    default: {
      const errorClass: ErrorClass = outcome.errorClass;
      return `${errorClass} by ${outcome.failedBy} after ${outcome.elapsedMs} ms`;
    }
  }
}
describe(await plain.settle(() => 'value', { timeline: true }));

// An error leads back to the outcome of its call.
try {
  await plain.call(() => 1);
} catch (error) {
  if (error instanceof Error) outcomeOf(error)?.attempts.toFixed();
}

// Wrapped functions keep `this`, arguments and result.
class Shop {
  readonly shelf = 'a';
  find = plain.wrap(async function (this: Shop, id: number) {
    return `${this.shelf}${id}`;
  });
}
export const found: Promise<string> = new Shop().find(1);
export const fetchOne: (id: number) => Promise<Response> = plain.fn(({ signal }: Attempt, id: number) => fetch(`${url}/${id}`, { signal }));

// Every option of a call.
export const orders: Policy = plain.with({
  operation: 'orders',
  signal: caller,
  timeoutMs: 500,
  attributes: { 'shop.tier': 'gold', n: 1, list: ['a'] },
});
await plain.call(() => ({ status: 'busy' }), {
  retry: { maxAttempts: 2 },
  idempotent: false,
  resume: { attempt: 1, previousDelayMs: 250 },
  classifyResult: (result) => (result.status === 'busy' ? 'TRANSIENT' : undefined),
  sleep: (context, delayMs) => (delayMs > context.remainingMs / 2 ? 'defer' : 'sleep'),
  beforeSleep: async (context) => console.log(context.errorClass, context.attempt),
});
await plain.call(() => 1, { retry: false });
await plain.call((parent) => inventory.call(() => 1, { parent }));

// Every option may be undefined.
policy('absent', {
  timeoutMs: undefined,
  attemptTimeoutMs: undefined,
  retry: {
    maxAttempts: undefined,
    maxUnknownAttempts: undefined,
    maxAttemptsByClass: undefined,
    backoff: undefined,
    backoffByClass: undefined,
    budget: undefined,
  },
  circuitBreaker: undefined,
  classify: undefined,
  classifyResult: undefined,
  clock: undefined,
  random: undefined,
  keepAlive: undefined,
}).call(() => 1, {
  operation: undefined,
  signal: undefined,
  timeoutMs: undefined,
  retry: undefined,
  classifyResult: undefined,
  sleep: undefined,
});

// Breakers and budgets may be shared.
const shared = new CircuitBreaker({
  name: 'shared',
  trip: { type: 'count', failures: 5, windowMs: 60_000, failuresByClass: { RATE_LIMIT: 2 } },
  tripOn: ['TRANSIENT', 'SERVER_ERROR'],
  recoveryMs: (context) => context.attempt * 1_000,
  probes: 2,
  successThreshold: 2,
  maxProbeMs: 10_000,
  scope: 'call',
  observeOnly: true,
});
const budget = new RetryBudget({ ratio: 0.1, minPerSecond: 1 });
policy('a', { circuitBreaker: shared, retry: { budget } }).circuitBreaker.toJSON();
policy('b', { circuitBreaker: shared, retry: { budget: { max: 10, windowMs: 1_000 } } });
policy('c', { circuitBreaker: { trip: { type: 'consecutive', failures: 5 } } });
policy('d', { circuitBreaker: { trip: { type: 'rate', failureRate: 0.5, windowCalls: 100, slowCallMs: 1_000, slowCallRate: 0.9 } } });
policy('e', { circuitBreaker: false, retry: false });
export const restored: CircuitBreaker = CircuitBreaker.restore(JSON.parse(JSON.stringify(shared)));
shared.dispose();

// Classifiers are passed uncalled; one's own asks the default rule by saying nothing.
policy('f', { classify: defaultClassifier });
policy('g', { classify: (error) => (error instanceof SyntaxError ? { errorClass: 'TRANSIENT', retryAfterMs: 100 } : undefined) });

// Registries.
const registry = createRegistry();
registry.policy('inventory', { timeoutMs: 100 }).dispose();
export const known: Policy | undefined = getPolicy('inventory');
export const updated: Policy = updatePolicy('inventory', { timeoutMs: 200 });

/** A sleep handler answers at once, by a promise, or by either. */
export const handlers: readonly SleepHandler[] = [
  () => 'sleep',
  async (_context, delayMs) => (delayMs > 1_000 ? 'defer' : 'sleep'),
  (context): SleepDecision | PromiseLike<SleepDecision> => (context.attempt > 1 ? Promise.resolve('abort') : 'sleep'),
];

// How things stand, as data; and the end of it.
policy('h', presets.database).circuitBreaker.reset();
policy('i', { ...presets.http, timeoutMs: 20_000, retry: { ...presets.http.retry, maxAttempts: 2 }, critical: true });
const { status, reasons, policies }: HealthReport = healthCheck(registry);
export const shown: readonly string[] = [status, ...reasons.map(({ message }) => message)];
export const probe: number | null | undefined = policies[0]?.circuitBreaker?.probeInMs;
export const drained: boolean = await drain({ timeoutMs: 1_000 });
resume();
