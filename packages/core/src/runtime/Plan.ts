import type { Around } from '../around/Around.js';
import type { Hedge } from '../around/hedge/Hedge.js';
import type { Gate } from '../gates/Gate.js';
import type { Classifier, Verdict } from '../model/Classification.js';
import type { Clock } from '../model/Clock.js';
import type { BeforeSleep, SleepHandler } from '../model/Sleep.js';
import type { Timeouts } from '../model/Timeouts.js';
import type { Budget } from '../retry/budget/Budget.js';
import type { RetrySettings } from '../retry/decideRetry.js';
import type { PolicyTelemetry } from '../telemetry/port/Telemetry.js';

/** A policy's options, resolved: all that a call reads. A call keeps the one it began with. */
export interface Plan extends Timeouts {
  readonly name: string;
  readonly retry: RetrySettings;
  /** Tells how an attempt ended to backoffs that go by it. */
  readonly record: ((succeeded: boolean) => void) | undefined;
  readonly budget: Budget | undefined;
  /** What stands around its calls, the first to be asked first; undefined for nothing, so that the usual call asks no list. */
  readonly around: readonly Around[] | undefined;
  /** The same for a call that asks something of them, which the policy may be without. */
  readonly aroundAsked: readonly Around[];
  /** When a second attempt begins beside one that takes long. */
  readonly hedge: Hedge | undefined;
  /** What stands around the whole call. */
  readonly callGate: Gate | undefined;
  /** What stands around each attempt. */
  readonly attemptGate: Gate | undefined;
  readonly classify: Classifier | undefined;
  readonly classifyResult: ((result: unknown) => Verdict) | undefined;
  readonly sleep: SleepHandler | undefined;
  readonly beforeSleep: BeforeSleep | undefined;
  readonly clock: Clock | undefined;
  readonly random: () => number;
  readonly keepAlive: boolean;
  readonly telemetry: PolicyTelemetry;
  /** How many of the next calls start their timers at once: what outlived its turn once will do so again. */
  readonly pace: { eager: number };
}
