import type { Answer } from '../../around/Around.js';
import type { UnsuccessfulOutcome } from '../../model/Outcome.js';
import type { CallSteps } from '../CallSteps.js';
import type { Caller } from './settle.js';

/** Something answered in the place of the function: the caller gets that. `insteadOf`: what it answered for, where the call had an end. */
export function tellAnswer(
  call: CallSteps & Caller,
  answer: Answer,
  elapsedMs: number,
  insteadOf: (() => UnsuccessfulOutcome) | undefined,
): void {
  const { attempts, history } = call;
  call.tellAnswered(answer, elapsedMs, insteadOf === undefined);
  if (!call.wantsOutcome) return call.resolve(answer.value);
  const timeline = history?.timeline?.entries;
  const { value, by: answeredBy } = answer;
  const stoodFor = insteadOf && { insteadOf: insteadOf() };
  call.resolve({ ok: true, value, attempts, elapsedMs, answeredBy, ...stoodFor, ...(timeline && { timeline }) });
}
