/** How an adaptive throttle stands. */
export interface AdaptiveThrottleHealth {
  /** What its errors call it. */
  readonly name: string;
  /** The share of attempts that it refuses now. */
  readonly rejectionProbability: number;
}

/** Part of a policy's health, where it has an adaptive throttle. */
export interface AdaptiveThrottleOfHealth {
  /** Its throttle; absent when it was made without one. */
  readonly throttle?: AdaptiveThrottleHealth;
}
