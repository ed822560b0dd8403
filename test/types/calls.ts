/** What a user writes, as in the design: it must compile. */
import {
  type Attempt,
  CircuitBreaker,
  createRegistry,
  decorrelatedJitter,
  defaultClassifier,
  type ErrorClass,
  getPolicy,
  keyedPolicy,
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

// What a fallback gives is in the type of its calls.
interface Item {
  readonly sku: string;
}
const noItems: readonly Item[] = [];
const shelves = policy('shelves', { timeoutMs: 100, fallback: { value: noItems } });
export const items: Promise<string | readonly Item[]> = shelves.call(async () => 'fresh');
export const itemsOutcome: Promise<Outcome<string | readonly Item[]>> = shelves.settle(() => 'fresh');
export const itemsOf: (shelf: string) => Promise<number | readonly Item[]> = shelves.wrap((shelf: string) => shelf.length);
export const itemsBy: (shelf: string) => Promise<number | readonly Item[]> = shelves.fn((_: Attempt, shelf: string) => shelf.length);
export const preset: Policy<readonly Item[] | null> = shelves.with({ fallback: { value: null } });
export const ofCall: Promise<number | string | readonly Item[]> = shelves.call(() => 1, { fallback: { run: async () => 'old' } });
export const none: Promise<number> = policy('none', { fallback: false }).call(() => 1);
export const own: Promise<number | 'old'> = plain.call(() => 1, { fallback: { value: 'old' as const } });
export const sized: Promise<number> = policy('sized', { fallback: { run: ({ attempts }) => attempts } }).call(() => 1);
const guarded = policy('guarded', {
  circuitBreaker: {},
  fallback: [{ on: ['CIRCUIT_OPEN', 'TRANSIENT'], value: noItems }, { value: null }],
});
export const guardedState: string = guarded.circuitBreaker.state;
export const fromGuarded: Promise<string | readonly Item[] | null> = guarded.call(() => 'fresh');
export const replicas = policy('replicas', {
  fallback: {
    timeoutMs: 500,
    alternates: [
      { policy: guarded, run: async ({ signal }, { stopReason }) => (signal.aborted ? stopReason.length : 1) },
      { policy: plain, run: () => 2 },
    ],
  },
});
export const fromReplicas: Promise<string | number> = replicas.call(() => 'fresh');
export const mixed: Promise<boolean | string | number> = policy<string | number>('mixed', {
  fallback: [{ on: ['AUTH'], value: 'who?' }, { value: 0 }],
}).call(() => true);
export const ofKey: Promise<string | readonly Item[]> = keyedPolicy('tenants', { fallback: { value: noItems } })
  .for('a')
  .call(() => 'fresh');
export const named: Policy<readonly Item[]> | undefined = getPolicy('shelves') as Policy<readonly Item[]> | undefined;

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
