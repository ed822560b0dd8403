import type { Entry, Lease, Queued } from '../../gates/Gate.js';
import { giveBack } from '../../gates/giveBack.js';
import type { Refusal } from '../../model/Refusal.js';
import type { CallSteps } from '../CallSteps.js';

/**
 * The call stands in a gate's queue: its deadline, an abort and its clock hold there too. `go` is told the lease, and when it came; a
 * refusal ends the call. What comes after the end of the call is given back unused.
 */
export function standInLine(call: CallSteps & Entry, queued: Queued, attempt: number, go: (lease: Lease, nowMs: number) => void): void {
  if (call.settled) return queued.cancel(); // by what was told at the gate
  const history = call.ownHistory();
  history.waitsFor = queued;
  call.watchDeadline(call.now());
  const unneeded = (answer: Lease | Refusal, nowMs: number): void => {
    if (answer.kind === 'lease') giveBack(answer, nowMs, attempt, call);
  };
  // Registered here, in the caller's context: whoever lets the call go on is another call.
  const answered = (answer: Lease | Refusal): void => {
    const nowMs = call.now();
    if (call.settled) return unneeded(answer, nowMs);
    history.waitsFor = undefined;
    call.stopWatching();
    if (nowMs >= call.deadlineAt) {
      unneeded(answer, nowMs);
      call.stop('DEADLINE_EXCEEDED', nowMs);
    } else if (answer.kind === 'refusal') call.refuse(answer);
    else go(answer, nowMs);
  };
  queued.ready.then(answered).then(undefined, (error: unknown) => call.broke(error));
}
