/** Shapes that code outside this repository relies on: equal, not merely assignable. */
import {
  AbortRetryError,
  type Attempt,
  AttemptTimeoutError,
  adaptive,
  type Backoff,
  type BackoffContext,
  type CallOptions,
  CircuitOpenError,
  type CircuitState,
  type Classification,
  type Classifier,
  ConcurrencyError,
  constant,
  DeadlineExceededError,
  decorrelatedJitter,
  defaultClassifier,
  equalJitter,
  type ErrorClass,
  type EventName,
  exponential,
  type Fallback,
  fullJitter,
  type getPolicy,
  HttpResponseError,
  httpClassifier,
  type KeyedPolicy,
  type keyedPolicy,
  type Outcome,
  PermanentError,
  type Policy,
  type PolicyOptions,
  type PolicyWithCircuitBreaker,
  policy,
  RateLimitError,
  RetryExhaustedError,
  type RetryOptions,
  RetryScheduledError,
  retryAfterOr,
  ServerError,
  type SleepDecision,
  type StopReason,
  sequence,
  strictClassifier,
  tokenBackoff,
  type Verdict,
} from '@redress/core';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<_T extends true>(): void {}

same<Equal<ErrorClass, 'AUTH' | 'PERMISSION' | 'PERMANENT' | 'CONCURRENCY' | 'RATE_LIMIT' | 'SERVER_ERROR' | 'TRANSIENT' | 'UNKNOWN'>>();
same<Equal<typeof ErrorClass.RATE_LIMIT, 'RATE_LIMIT'>>();
same<Equal<CircuitState, 'closed' | 'open' | 'half_open' | 'forced_open'>>();
same<Equal<typeof EventName.CIRCUIT_OPENED, 'circuit_opened'>>();
same<Equal<typeof StopReason.BUDGET_EXHAUSTED, 'BUDGET_EXHAUSTED'>>();
same<Equal<Verdict, ErrorClass | Classification | undefined>>();
same<Equal<Classifier, (error: unknown) => Verdict>>();
same<Equal<Backoff, (context: BackoffContext) => number>>();
same<Equal<SleepDecision, 'sleep' | 'defer' | 'abort'>>();

same<Equal<PolicyOptions['timeoutMs'], number | undefined>>();
same<Equal<PolicyOptions['keepAlive'], boolean | undefined>>();
same<Equal<RetryOptions['maxAttempts'], number | undefined>>();
same<Equal<CallOptions<Promise<string>>['classifyResult'], ((result: string) => Verdict) | undefined>>();

// A policy without a fallback is what it was before there were any.
declare const plain: Policy;
same<Equal<Policy, Policy<never>>>();
const callPlain = () => plain.call(async () => 1);
const settlePlain = () => plain.settle(async () => 1);
const wrapPlain = () => plain.wrap(async (id: number) => id);
const fnPlain = () => plain.fn(async (_: Attempt, id: number) => id);
const withPlain = () => plain.with({ timeoutMs: 5 });
const made = (options: PolicyOptions) => policy('made', options);
const makeGuarded = () => policy('guarded', { circuitBreaker: {} });
same<Equal<ReturnType<typeof callPlain>, Promise<number>>>();
same<Equal<ReturnType<typeof settlePlain>, Promise<Outcome<number>>>>();
same<Equal<ReturnType<typeof wrapPlain>, (this: unknown, id: number) => Promise<number>>>();
same<Equal<ReturnType<typeof fnPlain>, (id: number) => Promise<number>>>();
same<Equal<ReturnType<typeof withPlain>, Policy>>();
same<Equal<ReturnType<typeof made>, Policy>>();
same<Equal<ReturnType<typeof makeGuarded>, PolicyWithCircuitBreaker>>();
same<Equal<ReturnType<typeof getPolicy>, Policy | undefined>>();
same<Equal<ReturnType<typeof policy>, Policy>>();
same<Equal<ReturnType<typeof keyedPolicy>, KeyedPolicy>>();

// One with a fallback says what that gives.
const makeSpare = () => policy('spare', { circuitBreaker: {}, fallback: { value: [1] } });
same<Equal<ReturnType<typeof makeSpare>, PolicyWithCircuitBreaker<number[]>>>();
const callSpare = () => makeSpare().call(() => 'fresh');
same<Equal<ReturnType<typeof callSpare>, Promise<string | number[]>>>();
same<Equal<Exclude<CallOptions<string>['fallback'], undefined>, Fallback<never> | false>>();

type Success = Extract<Outcome<string>, { ok: true }>;
type Failed = Extract<Outcome<string>, { stopReason: 'BUDGET_EXHAUSTED' | 'DEADLINE_EXCEEDED' }>;
type Scheduled = Extract<Outcome<string>, { stopReason: 'SCHEDULED' }>;
type Refused = Extract<Outcome<string>, { stopReason: 'CIRCUIT_OPEN' }>;
same<Equal<Success['value'], string>>();
same<Equal<Success['attempts'] | Success['elapsedMs'], number>>();
same<Equal<Scheduled['nextDelayMs'], number>>();
same<Equal<Refused['retryAfterMs'], number>>();
same<Equal<Refused['error'], Error>>();

// Narrowing by `ok` and by `stopReason` leaves what each kind has.
export function failed(outcome: Outcome<string>): 'exception' | 'result' | undefined {
  return !outcome.ok && outcome.stopReason === 'BUDGET_EXHAUSTED' ? outcome.failedBy : undefined;
}
export const none: Failed | undefined = undefined;

// Everything has a constructor where one makes sense.
export const backoffs: Backoff[] = [
  decorrelatedJitter(),
  decorrelatedJitter({ baseMs: 250, maxMs: 5_000 }),
  equalJitter({ baseMs: 250, maxMs: 5_000 }),
  fullJitter({ baseMs: 250, maxMs: 5_000 }),
  exponential({ baseMs: 250, maxMs: 5_000 }),
  tokenBackoff(),
  constant(100),
  sequence([100, 200]),
  adaptive(),
  retryAfterOr(constant(100)),
  retryAfterOr(constant(100), { jitterMs: 250 }),
];
export const classifiers: Classifier[] = [defaultClassifier, strictClassifier, httpClassifier];
export const markers: Error[] = [new PermanentError('m'), new RateLimitError('m'), new ConcurrencyError('m'), new ServerError('m')];
export const stop: Error = new AbortRetryError('m');

export function read(error: unknown): number | undefined {
  if (error instanceof HttpResponseError) return error.status;
  if (error instanceof CircuitOpenError) return error.retryAfterMs;
  if (error instanceof RetryScheduledError) return error.nextDelayMs;
  if (error instanceof RetryExhaustedError) return Number(error.lastResult);
  if (error instanceof DeadlineExceededError || error instanceof AttemptTimeoutError) return error.message.length;
  return undefined;
}
