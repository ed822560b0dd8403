import type { Answer } from '../../around/Around.js';
import type { End } from '../../around/End.js';
import type { CallSteps } from '../CallSteps.js';
import { type Caller, outcomeFor } from './settle.js';

/** Something answered in the place of the function: the caller gets that. `end`: what it answered for, where the call had an end. */
export function tellAnswer(call: CallSteps & Caller, answer: Answer, elapsedMs: number, end: End | undefined): void {
  const { attempts, history, recorder } = call;
  if (answer.event !== undefined && end === undefined) recorder?.event(answer.event, attempts, answer.facts);
  recorder?.endAnswered(attempts, elapsedMs, answer.by);
  if (!call.wantsOutcome) return call.resolve(answer.value);
  const timeline = history?.timeline?.entries;
  const insteadOf = end && outcomeFor(end, elapsedMs, history);
  const { value, by: answeredBy } = answer;
  call.resolve({ ok: true, value, attempts, elapsedMs, answeredBy, ...(insteadOf && { insteadOf }), ...(timeline && { timeline }) });
}
