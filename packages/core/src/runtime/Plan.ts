import type { RetryBudgetEngine } from '../retry/budget/RetryBudgetEngine.js';
import type { RetrySettings } from '../retry/decideRetry.js';
import type { Classifier, Verdict } from '../model/Classification.js';
import type { Clock } from '../model/Clock.js';
import type { BeforeSleep, SleepHandler } from '../model/Sleep.js';
import type { PolicyTelemetry } from '../telemetry/otel/PolicyTelemetry.js';
import type { BreakerGate } from '../gates/breaker/BreakerGate.js';

/** A policy's options, resolved: all that a call reads. A call keeps the one it began with. */
export interface PolicyRuntime {
  readonly name: string;
  readonly timeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly retry: RetrySettings;
  /** Tells how an attempt ended to backoffs that go by it. */
  readonly record: ((succeeded: boolean) => void) | undefined;
  readonly budget: RetryBudgetEngine | undefined;
  readonly breaker: BreakerGate | undefined;
  /** Where the breaker stands: around each attempt, or around the call. */
  readonly breakerScope: 'attempt' | 'call';
  readonly classify: Classifier | undefined;
  readonly classifyResult: ((result: unknown) => Verdict) | undefined;
  readonly sleep: SleepHandler | undefined;
  readonly beforeSleep: BeforeSleep | undefined;
  readonly clock: Clock | undefined;
  readonly random: () => number;
  readonly keepAlive: boolean;
  readonly telemetry: PolicyTelemetry;
}
