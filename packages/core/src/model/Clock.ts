/**
 * The time a policy lives by. The default reads `performance.now` and `setTimeout` from `globalThis` when called,
 * so that fake timers of test runners work; `@redress/core/testing` has a fake clock of its own.
 */
export interface Clock {
  /** Milliseconds on a monotonic scale. */
  now(): number;
  /** Calls back once after `delayMs` milliseconds; the handle may have `ref` and `unref` as Node's timers do. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  /** Forgets a timer made by `setTimeout`; harmless when it is over. */
  clearTimeout(handle: unknown): void;
}
