import { cancelBody } from '../../classify/cancelBody.js';
import { giveCause } from '../../classify/giveCause.js';
import type { Attempt } from '../../model/Attempt.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import type { Answer, FailedAnswer } from '../Around.js';
import { FailedCall, type FailedEnd } from './FailedCall.js';
import type { Alternate } from './options.js';
import { laterOf, type Serve } from './serve.js';

/** What an alternate came to; `isLast`: no other is tried after it. */
type Tried = Answer | (FailedAnswer & { readonly isLast: boolean });

/** Answers with the first alternate that succeeds, those with an open circuit left out. With none to try it answers nothing. */
export function serveAlternates(alternates: readonly Alternate[], timeoutMs: number | undefined): Serve {
  return (failed, end) => {
    // They would be calls that the drain takes after all, and then waits for.
    if (end.stopReason === 'DRAINING' || !alternates.some(isWell)) return undefined;
    return laterOf(failed, timeoutMs, () => firstOf(alternates, failed, end));
  };
}

/** Undefined where the last circuit opened before anything was tried. */
async function firstOf(alternates: readonly Alternate[], failed: FailedCall, end: FailedEnd): Promise<Answer | FailedAnswer | undefined> {
  let last: FailedAnswer | undefined;
  for (const alternate of alternates) {
    if (FailedCall.isCut(failed)) break;
    if (!isWell(alternate)) continue;
    const tried = await ask(alternate, failed);
    if (tried.kind === 'answer') {
      // Nobody will read the body of the response that it stands for.
      cancelBody(end.failure?.error);
      return tried;
    }
    giveCause(tried.error, last === undefined ? failed.error : last.error);
    last = tried;
    if (tried.isLast) break;
  }
  return last;
}

/** Calls it, in this call's context, so that its span is a child of this call's. Never rejects. */
async function ask({ policy, run }: Alternate, failed: FailedCall): Promise<Tried> {
  try {
    const outcome = await policy.settle((attempt) => run(attempt, failed), { parent: parentOf(failed), fallback: false });
    if (outcome.ok) return { kind: 'answer', value: outcome.value, by: policy.name };
    // What calls one off calls the others off, too.
    return { kind: 'failed', error: outcome.error, isLast: outcome.stopReason === 'ABORTED' };
  } catch (error) {
    return { kind: 'failed', error, isLast: false };
  }
}

/** It is part of a call that was let in, and ends with that; how much time it has is for its policy to say till then. */
function parentOf({ attempts, operation, signal }: FailedCall): Attempt {
  return { number: attempts, operation, signal, remainingMs: Infinity };
}

/** Whether its circuit would let it through now, as far as that can be told. */
function isWell({ policy }: Alternate): boolean {
  try {
    const { circuitBreaker } = policy;
    if (circuitBreaker === undefined || circuitBreaker === null || circuitBreaker.observeOnly === true) return true;
    const { state } = circuitBreaker;
    return state !== 'open' && state !== 'forced_open';
  } catch (error) {
    telemetry().warn('the circuit of an alternate cannot be read; it is tried', error);
    return true;
  }
}
