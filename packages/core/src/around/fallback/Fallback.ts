import type { UnsuccessfulOutcome } from '../../model/Outcome.js';
import type { Answer, Around, AroundCall, Later } from '../Around.js';
import type { End } from '../End.js';
import { FailedCall } from './FailedCall.js';
import { ResolvedFallback } from './ResolvedFallback.js';

/** Answers when a call has failed. */
export class Fallback implements Around {
  constructor(private readonly usual: ResolvedFallback | undefined) {}

  ended(call: AroundCall, end: End, insteadOf: () => UnsuccessfulOutcome): Answer | Later | undefined {
    // Nobody waits for a call that is made again, so nobody wants another answer either.
    if (end.kind === 'aborted' || end.kind === 'scheduled' || call.isAgain) return undefined;
    const { fallback = this.usual } = call.asked ?? {};
    if (!(fallback instanceof ResolvedFallback)) return undefined;
    for (const { serve } of fallback.for(end)) {
      const answer = serve(new FailedCall(call, end, insteadOf), end);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}
