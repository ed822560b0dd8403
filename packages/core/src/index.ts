export { drain, getKeyedPolicy, getPolicy, keyedPolicy, policy, resume, updatePolicy } from './policy/defaultPolicies.js';
export type { DrainOptions } from './policy/drain/options.js';
export { healthCheck } from './policy/health/healthCheck.js';
export type { BudgetHealth, HealthReason, HealthReport, HealthStatus, PolicyHealth } from './policy/health/PolicyHealth.js';
export { createRegistry, type PolicyWithCircuitBreaker, type Registry } from './policy/Registry.js';
export type { KeyedHealth } from './policy/keyed/keyedHealth.js';
export type { KeyAndPolicy, KeyBounds, KeyedPolicy } from './policy/keyed/KeyedPolicy.js';
export type { Policy } from './policy/Policy.js';
export { presets } from './policy/presets/index.js';
export type { Preset } from './policy/presets/Preset.js';
export type { Stage } from './policy/Stage.js';
export type { PolicyOptions, PolicyUpdate } from './policy/PolicyOptions.js';
export * from './around/index.js';
export * from './gates/index.js';
export type { RetryBudgetOptions } from './retry/budget/options.js';
export { RetryBudget } from './retry/budget/RetryBudget.js';
export type { RetryOptions } from './retry/options.js';
export { outcomeOf } from './runtime/outcomeOf.js';

export type { Attempt } from './model/Attempt.js';
export type { Attributes, AttributeValue } from './model/Attributes.js';
export type { Backoff, BackoffContext, RecordingBackoff } from './model/Backoff.js';
export type { CallOptions } from './runtime/CallOptions.js';
export { CircuitState } from './model/CircuitState.js';
export type { Classification, Classifier, Verdict } from './model/Classification.js';
export type { Clock } from './model/Clock.js';
export { ErrorClass } from './model/ErrorClass.js';
export { EventName } from './model/EventName.js';
export type { FailedBy } from './model/FailedBy.js';
export type {
  AbortedOutcome,
  EarlierFailure,
  Failure,
  FailureOutcome,
  Outcome,
  RejectedBy,
  RejectedOutcome,
  ScheduledOutcome,
  Settled,
  SuccessOutcome,
  UnsuccessfulOutcome,
  TimelineEntry,
} from './model/Outcome.js';
export type { BeforeSleep, SleepContext, SleepDecision, SleepHandler } from './model/Sleep.js';
export { type FailureReason, type RefusalReason, StopReason } from './model/StopReason.js';

export * from './model/errors/index.js';
export { type AdaptiveOptions, adaptive } from './backoff/adaptive.js';
export { constant } from './backoff/constant.js';
export { decorrelatedJitter } from './backoff/decorrelatedJitter.js';
export { equalJitter } from './backoff/equalJitter.js';
export { type ExponentialOptions, exponential } from './backoff/exponential.js';
export { fullJitter } from './backoff/fullJitter.js';
export type { GrowthOptions } from './backoff/growth.js';
export { type RetryAfterOrOptions, retryAfterOr } from './backoff/retryAfterOr.js';
export { sequence } from './backoff/sequence.js';
export { tokenBackoff } from './backoff/tokenBackoff.js';
export { defaultClassifier } from './classify/defaultClassifier.js';
export { httpClassifier } from './classify/httpClassifier.js';
export { strictClassifier } from './classify/strictClassifier.js';
export { type ResponseLike, throwIfNotOk } from './classify/throwIfNotOk.js';
export {
  awsClassifier,
  grpcClassifier,
  llmClassifier,
  mysqlClassifier,
  postgresClassifier,
  redisClassifier,
  smtpClassifier,
} from './classify/clients/classifiers.js';
