import { cancelBody } from '../../classify/cancelBody.js';
import type { Answer, FailedAnswer, Later } from '../Around.js';
import { FailedCall, type FailedEnd } from './FailedCall.js';
import type { FallbackFor } from './options.js';

/** How one fallback answers. Undefined: it has nothing to answer with. Never throws. */
export type Serve = (failed: FailedCall, end: FailedEnd) => Answer | Later | undefined;

/** `redress.answered_by` of what no other policy answers. */
const BY = 'fallback';

/** Answers with a value; with what it resolves to, where it is a promise. */
export function serveValue(value: unknown, timeoutMs: number): Serve {
  const isWaitedFor = isPromise(value);
  if (value instanceof Promise) letBe(value);
  return (failed, end) => {
    // Nobody will read the body of the response that it stands for.
    cancelBody(end.failure?.error);
    if (!isWaitedFor) return { kind: 'answer', value, by: BY, event: 'fallback_used' };
    return laterOf(failed, timeoutMs, () => answerOf(() => value));
  };
}

/** Answers with what a function gives. */
export function serveRun(run: (failed: FallbackFor) => unknown, timeoutMs: number): Serve {
  return (failed) => ({ ...laterOf(failed, timeoutMs, () => answerOf(() => run(failed))), runs: true });
}

/** An answer that takes its time. */
export function laterOf(failed: FailedCall, timeoutMs: number | undefined, begin: Later['begin']): Later {
  return { kind: 'later', event: 'fallback_used', timeoutMs, begin, cancel: (reason) => FailedCall.cut(failed, reason) };
}

async function answerOf(give: () => unknown): Promise<Answer | FailedAnswer> {
  try {
    return { kind: 'answer', value: await give(), by: BY };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** The call that needs it hears of its rejection; where no call does, the process need not end by it. */
function letBe(promise: Promise<unknown>): void {
  try {
    Reflect.apply(Promise.prototype.then, promise, [undefined, () => undefined]);
  } catch {
    // Of a class that makes no other.
  }
}

/** Whether a value is waited for; one that throws when it is asked does so again, to whoever waits. */
function isPromise(value: unknown): boolean {
  try {
    return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
  } catch {
    return true;
  }
}
