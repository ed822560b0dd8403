import type { Attempt, CallOptions, CircuitBreaker, PolicyOptions } from '@redress/core';

/** What the dependency does with an attempt. */
export type Answer =
  | { readonly after: number; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  /** Never answers; `deaf`: and does not heed its signal. */
  | { readonly hangs: true; readonly deaf?: boolean };

/** What a replica of the service lives through. */
export interface Replica {
  readonly answer: (second: number, call: number, chance: number) => Answer;
}

/** Half an hour of a service that calls one dependency, scraped every 15 s. */
export interface Scenario {
  readonly name: string;
  readonly what: string;
  readonly minutes: number;
  readonly callsPerS: number;
  readonly options?: PolicyOptions;
  readonly call?: (index: number) => CallOptions;
  readonly replicas: readonly Replica[];
  /** From second to second nothing is scraped. */
  readonly gap?: readonly [number, number];
  /** From then on nobody calls. */
  readonly quietFrom?: number;
  /** Done to the circuit at a second. */
  readonly operator?: { readonly at: number; readonly does: (circuit: CircuitBreaker | undefined) => void };
}

const OK: Answer = { after: 20 };
const BUSY: Answer = { after: 5, status: 503 };
const HANGS: Answer = { hangs: true };

const usual: PolicyOptions = { circuitBreaker: {}, attemptTimeoutMs: 2_000, timeoutMs: 10_000 };
const withoutBreaker: PolicyOptions = { ...usual, circuitBreaker: false };
const base = { minutes: 30, callsPerS: 5, options: usual };

/** One replica whose dependency is fine but for a time, from second to second. */
const troubled = (from: number, to: number, trouble: Answer | Replica['answer']): readonly Replica[] => [
  {
    answer: (second, call, chance) => {
      if (second < from || second >= to) return OK;
      return typeof trouble === 'function' ? trouble(second, call, chance) : trouble;
    },
  },
];

const minutes = (count: number): number => 60 * count;

export const scenarios: readonly Scenario[] = [
  {
    ...base,
    name: 'healthy',
    what: 'nothing but a failure in a thousand',
    replicas: [{ answer: (_, __, chance) => (chance < 0.001 ? BUSY : OK) }],
  },
  { ...base, name: 'hang', what: 'for seven minutes nothing answers', replicas: troubled(minutes(5), minutes(12), HANGS) },
  { ...base, name: 'outage', what: 'for seven minutes every attempt fails', replicas: troubled(minutes(5), minutes(12), BUSY) },
  {
    ...base,
    name: 'short-outage',
    what: 'the circuit is open for five seconds, between two scrapes',
    replicas: troubled(minutes(5) + 1, minutes(5) + 5, BUSY),
  },
  {
    ...base,
    name: 'flapping',
    what: 'for ten minutes every attempt fails for 20 s, then none for 20 s, and so on',
    replicas: troubled(minutes(5), minutes(15), (second) => (second % 40 < 20 ? BUSY : OK)),
  },
  {
    ...base,
    name: 'scrape-gap',
    what: 'an outage of 40 s, while nothing was scraped',
    gap: [minutes(6), minutes(8)],
    replicas: troubled(minutes(6) + 20, minutes(7), BUSY),
  },
  {
    ...base,
    name: 'two-replicas',
    what: 'the outage of one replica; the other is fine',
    replicas: [...troubled(minutes(5), minutes(7), BUSY), { answer: () => OK }],
  },
  {
    ...base,
    name: 'idle-half-open',
    what: 'an outage, in which the callers go away for good',
    replicas: troubled(minutes(5), minutes(30), BUSY),
    quietFrom: minutes(6),
  },
  {
    ...base,
    name: 'hanging-probes',
    what: 'after an outage the probes hang for five minutes',
    replicas: troubled(minutes(5), minutes(11), (second) => (second < minutes(6) ? BUSY : HANGS)),
  },
  {
    ...base,
    name: 'forced-open',
    what: 'somebody forces the circuit open',
    replicas: troubled(0, 0, OK),
    operator: { at: minutes(5), does: (circuit) => circuit?.forceOpen() },
  },
  {
    ...base,
    name: 'observe-only',
    what: 'the outage again, behind a circuit that only observes',
    options: { ...usual, circuitBreaker: { observeOnly: true } },
    replicas: troubled(minutes(5), minutes(12), BUSY),
  },
  {
    ...base,
    name: 'brownout',
    what: 'for fifteen minutes half of the attempts fail; no circuit breaker',
    options: withoutBreaker,
    replicas: troubled(minutes(5), minutes(20), (_, __, chance) => (chance < 0.5 ? BUSY : OK)),
  },
  {
    ...base,
    name: 'rate-limited',
    what: 'for fifteen minutes one attempt in six is told to come back in a second',
    replicas: troubled(minutes(5), minutes(20), (_, __, chance) =>
      chance < 1 / 6 ? { after: 5, status: 429, headers: { 'retry-after': '1' } } : OK,
    ),
  },
  {
    ...base,
    name: 'poison',
    what: 'one call in fifty fails at every attempt',
    replicas: [{ answer: (_, call) => (call % 50 === 7 ? BUSY : OK) }],
  },
  {
    ...base,
    name: 'slow',
    what: 'for fifteen minutes answers take 3 s',
    options: { ...usual, attemptTimeoutMs: 8_000 },
    replicas: troubled(minutes(5), minutes(20), { after: 3_000 }),
  },
  {
    ...base,
    name: 'one-refused-login',
    what: 'a single call is answered with 401',
    replicas: [{ answer: (second, call) => (call === minutes(5) * 5 && second > 0 ? { after: 5, status: 401 } : OK) }],
  },
  {
    ...base,
    name: 'expired-credentials',
    what: 'for five minutes every call is answered with 403',
    replicas: troubled(minutes(5), minutes(10), { after: 5, status: 403 }),
  },
  {
    ...base,
    name: 'deadlines',
    what: 'for fifteen minutes answers take longer than the call may',
    options: { ...withoutBreaker, timeoutMs: 1_500, attemptTimeoutMs: 1_500 },
    replicas: troubled(minutes(5), minutes(20), (_, __, chance) => (chance < 0.1 ? { after: 3_000 } : OK)),
  },
  {
    ...base,
    name: 'bulkhead',
    what: 'for ten minutes answers take 0.9 s, and three calls may run at once',
    options: { ...usual, attemptTimeoutMs: 4_000, bulkhead: { maxConcurrent: 3 } },
    replicas: troubled(minutes(5), minutes(15), { after: 900 }),
  },
  {
    ...base,
    name: 'stuck',
    what: 'one attempt in ten hangs and heeds no signal; no circuit breaker',
    options: withoutBreaker,
    replicas: troubled(minutes(5), minutes(15), (_, __, chance) => (chance < 0.1 ? { hangs: true, deaf: true } : OK)),
  },
  {
    ...base,
    minutes: 10,
    name: 'too-many-operations',
    what: 'an id in the name of the operation',
    call: (index) => ({ operation: `get ${index}` }),
    replicas: [{ answer: () => OK }],
  },
];

/** Makes what a dependency answers come true. */
export function perform(answer: Answer, { signal }: Attempt, sleep: (ms: number) => Promise<void>): Promise<string> {
  if ('hangs' in answer) {
    if (answer.deaf === true) return new Promise(() => undefined);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  }
  return sleep(answer.after).then(() => {
    if (answer.status === undefined) return 'fine';
    throw Object.assign(new Error(`status ${answer.status}`), { status: answer.status, headers: answer.headers });
  });
}
