import type { Answer, Around, FailedAnswer, Later, SharedEnd } from '../../around/Around.js';
import type { End } from '../../around/End.js';
import type { UnsuccessfulOutcome } from '../../model/Outcome.js';
import type { CallSteps } from '../CallSteps.js';
import { StandIn } from '../StandIn.js';
import { tellAnswer } from './answered.js';
import { type Caller, outcomeFor } from './settle.js';

/** What stands around this call; undefined for nothing. */
export function aroundOf({ plan, options }: Pick<CallSteps, 'plan' | 'options'>): readonly Around[] | undefined {
  return options?.asksAround === true ? plan.aroundAsked : plan.around;
}

/** Asks those around the call whether one has the answer already, the first of them first; where none has, the call goes on. */
export function askAround(call: CallSteps, around: readonly Around[], nowMs: number, from = 0): void {
  // By number: an iterator of pairs costs a hit more than the look into the cache.
  for (let index = from; index < around.length; index++) {
    const said = around[index]?.enter?.(call);
    if (call.settled) return giveUp(said); // by what was told, or asked of the user
    if (said === undefined) continue;
    if (said.kind !== 'later') return take(call, said, nowMs);
    return waitFor(call, said, nowMs, (answer, thenMs) => {
      if (answer === undefined) askAround(call, around, thenMs, index + 1);
      else take(call, answer, thenMs);
    });
  }
  call.admit(nowMs);
}

function giveUp(said: Answer | SharedEnd | Later | undefined): void {
  if (said?.kind === 'later') said.cancel();
}

function take(call: CallSteps, said: Answer | SharedEnd, nowMs: number): void {
  if (said.kind === 'answer') return call.answer(said, nowMs);
  const { end } = said;
  if (end.kind === 'failure' && end.failure.failedBy === 'result') call.ownHistory().lastResult = { value: end.failure.error };
  call.finish({ ...end, attempts: call.attempts }, nowMs);
}

/** The call's deadline, an abort and its clock hold while it waits. */
function waitFor(
  call: CallSteps,
  later: Later,
  nowMs: number,
  then: (answer: Answer | SharedEnd | undefined, nowMs: number) => void,
): void {
  const history = call.ownHistory();
  history.waitsFor = later;
  call.watchDeadline(nowMs);
  // Registered here, in the caller's context: whoever answers is another call.
  const answered = (answer: Answer | SharedEnd | FailedAnswer | undefined): void => {
    if (call.settled) return;
    history.waitsFor = undefined;
    call.stopWatching();
    // While a call begins nothing of it can have failed.
    then(answer?.kind === 'failed' ? undefined : answer, call.now());
  };
  const begun = call.recorder === undefined ? later.begin() : call.recorder.within(() => later.begin());
  begun.then(answered).then(undefined, (error: unknown) => call.broke(error));
}

/** The call had success, which a cache may want to keep. */
export function tellAround(call: CallSteps, value: unknown): void {
  for (const one of aroundOf(call) ?? []) one.succeeded?.(call, value);
}

/** The call is over without success, and everything of it given back: those around it may answer. True when one does, or will. */
export function answersFor(call: CallSteps & Caller, end: End, nowMs: number): boolean {
  const elapsedMs = nowMs - call.startedAt;
  let outcome: UnsuccessfulOutcome | undefined;
  const insteadOf = (): UnsuccessfulOutcome => {
    outcome ??= outcomeFor(end, elapsedMs, call.history);
    return outcome;
  };
  const answer = answerFor(call, end, insteadOf);
  if (answer === undefined || end.kind === 'aborted' || end.kind === 'scheduled') return false;
  if (answer.kind === 'answer') {
    tellInstead(call, end, answer);
    tellAnswer(call, answer, elapsedMs, insteadOf);
  } else {
    // Before anything is told, so that the call is under way all the while.
    const standIn = new StandIn(call, { end, outcome: insteadOf }, answer);
    call.ownHistory().isAnsweredFor = true;
    tellInstead(call, end, answer);
    standIn.begin();
  }
  return true;
}

function tellInstead(call: CallSteps, end: End, { event, facts }: Answer | Later): void {
  if (event !== undefined) call.recorder?.insteadOf(end, event, facts);
}

function answerFor(call: CallSteps, end: End, insteadOf: () => UnsuccessfulOutcome): Answer | Later | undefined {
  for (const one of aroundOf(call) ?? []) {
    const answer = one.ended?.(call, end, insteadOf);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
