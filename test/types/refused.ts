/** What must not compile: a directive that finds no error below it is an error itself. */
import { type Attempt, CircuitBreaker, constant, type Outcome, type Policy, policy, RetryBudget } from '@redress/core';

declare const outcome: Outcome<string>;
declare const attempt: Attempt;
const plain = policy('plain');

// @ts-expect-error a policy has a name
policy();
// @ts-expect-error a name is a string
policy(1);
// @ts-expect-error no unknown option
policy('a', { timeout: 1 });
// @ts-expect-error `retries` is `maxAttempts - 1`
policy('a', { retry: { retries: 3 } });
// @ts-expect-error true says nothing
policy('a', { retry: true });
// @ts-expect-error durations are numbers
policy('a', { timeoutMs: '10s' });
// @ts-expect-error null is not absent
policy('a', { timeoutMs: null });
// @ts-expect-error no such class
policy('a', { retry: { maxAttemptsByClass: { TIMEOUT: 2 } } });
// @ts-expect-error a backoff is a function
policy('a', { retry: { backoff: 100 } });
// @ts-expect-error a backoff gives a number
policy('a', { retry: { backoff: () => '1' } });
// @ts-expect-error a fixed window has no ratio
policy('a', { retry: { budget: { max: 1, windowMs: 1, ratio: 0.1 } } });
// @ts-expect-error a fixed window has a length
policy('a', { retry: { budget: { max: 1 } } });
// @ts-expect-error no such trip
policy('a', { circuitBreaker: { trip: { type: 'sometimes' } } });
// @ts-expect-error a count has a window
policy('a', { circuitBreaker: { trip: { type: 'count', failures: 5 } } });
// @ts-expect-error no such class to trip on
policy('a', { circuitBreaker: { tripOn: ['OOPS'] } });
// @ts-expect-error no such scope
policy('a', { circuitBreaker: { scope: 'request' } });
// @ts-expect-error a class, an object or nothing
policy('a', { classify: () => 'OOPS' });
// @ts-expect-error a classifier is passed uncalled, and gives no promise
policy('a', { classify: async () => 'TRANSIENT' });

// @ts-expect-error a fallback is a value, a function or alternates
policy('a', { fallback: {} });
// @ts-expect-error and one of them alone
policy('a', { fallback: { value: 1, run: () => 1 } });
// @ts-expect-error there is no fallback for what was aborted
policy('a', { fallback: { value: 1, on: ['ABORTED'] } });
// @ts-expect-error an alternate has a policy
policy('a', { fallback: { alternates: [{ run: () => 1 }] } });
// @ts-expect-error a call may give what its fallback does
export const fresh: Promise<string> = policy('a', { fallback: { value: 1 } }).call(() => 'fresh');
// @ts-expect-error such a policy is no policy without
export const without: Policy = policy('a', { fallback: { value: 1 } });
// @ts-expect-error nor is what a call's own fallback gives lost
export const lost: Promise<string> = plain.call(() => 'fresh', { fallback: { value: 1 } });

// @ts-expect-error there is something to call
plain.call();
// @ts-expect-error a function, not its promise
plain.call(fetch('http://localhost'));
// @ts-expect-error the result keeps its type
export const text: Promise<string> = plain.call(async () => 1);
// @ts-expect-error a call's timeout is a number
plain.call(() => 1, { timeoutMs: '1' });
// @ts-expect-error a call has no breaker of its own
plain.call(() => 1, { circuitBreaker: {} });
// @ts-expect-error resume says where
plain.call(() => 1, { resume: {} });
// @ts-expect-error a sleep handler sleeps, defers or aborts
plain.call(() => 1, { sleep: () => 'wait' });
// @ts-expect-error the result classifier is given what the function gives
plain.call(async () => 1, { classifyResult: (result: string) => (result === '' ? 'TRANSIENT' : undefined) });
// @ts-expect-error an attribute is no object
plain.call(() => 1, { attributes: { user: { id: 1 } } });
// @ts-expect-error `fn` takes the attempt first
plain.fn((id: string) => id)('a');
// @ts-expect-error a wrapped function keeps its arguments
plain.wrap(async (id: number) => id)('a');

// @ts-expect-error there may be no breaker
plain.circuitBreaker.reset();
// @ts-expect-error a name is fixed
plain.name = 'other';
// @ts-expect-error an attempt is read
attempt.number = 2;
// @ts-expect-error a state is read
new CircuitBreaker({ name: 'a' }).state = 'open';
// @ts-expect-error a breaker's options are one object
new CircuitBreaker('a');
// @ts-expect-error both at once
new RetryBudget({ max: 1, windowMs: 1, minPerSecond: 1 });
// @ts-expect-error milliseconds are numbers
constant('1s');

// @ts-expect-error a value only when ok
outcome.value;
// @ts-expect-error an error only when not
outcome.error;
// @ts-expect-error a wait only when refused
if (!outcome.ok) outcome.retryAfterMs;
// @ts-expect-error a deferral only when scheduled
if (!outcome.ok && outcome.stopReason === 'ABORTED') outcome.nextDelayMs;
// @ts-expect-error no such reason
if (!outcome.ok && outcome.stopReason === 'TIRED') throw outcome.error;
// @ts-expect-error a policy is made by policy()
export const made: Policy = { name: 'a' };
