import { AttemptFailure } from '../../classify/AttemptFailure.js';
import { UNKNOWN } from '../../classify/failureOf.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import type { End } from '../../around/End.js';
import type { CallSteps } from '../CallSteps.js';
import { type Caller, settle } from './settle.js';

/**
 * Something threw that must not, where nobody would hear of it: in a reaction, a timer, a listener. The call ends with it, once and for
 * sure, and not by the deadline or never.
 */
export function endBroken(call: CallSteps & Caller, error: unknown): void {
  telemetry().warn('something threw inside a call that must not; the call ends with it', error);
  const failure = new AttemptFailure(UNKNOWN, 'exception', error, false, undefined);
  const end: End = { kind: 'failure', attempts: call.attempts, stopReason: 'NON_RETRYABLE_CLASS', failure };
  try {
    call.finish(end, call.now());
  } catch {
    // It broke at its end: what follows is all that the caller waits for.
  }
  // Nothing, when its promise is settled.
  if (call.history?.isAnsweredFor !== true) settle(call, end, 0, undefined, true);
}
