import type { HappenedCall } from '../Happened.js';
import type { WireSpan } from '../TraceReceiver.js';
import type { WholeHappened } from './Happened.js';

/**
 * A call that got an old result and whose function was called all the same: that is another call, made for nobody and told as one of its own.
 * The ledger knows of its function alone; since what it asks never fails, that is all there is to know. Here it gets an entry, and its span
 * the id of that.
 */
export function withCallsBeside(
  happened: WholeHappened,
  spans: readonly WireSpan[],
): { readonly happened: WholeHappened; readonly spans: readonly WireSpan[] } {
  const byId = new Map(happened.calls.map((call) => [call.id, call]));
  const beside: HappenedCall[] = [];
  const attempts = happened.attempts.map((attempt) => {
    const call = byId.get(attempt.call);
    if (call?.policy !== 'leaflets' || call.answeredBy !== 'stale_cache') return attempt;
    const { calledAt, endedAt } = attempt;
    const { operation, policy, round, resumedAfter } = call;
    const id = idBeside(call.id);
    const times = { startedAt: calledAt, firstAt: calledAt, seenAt: calledAt, endedAt, settledAt: endedAt };
    beside.push({ id, root: id, policy, operation, round, resumedAfter, attempts: 1, ...times });
    return { ...attempt, call: id };
  });
  const ids = new Set(beside.map(({ id }) => id));
  const shown = spans.map((span) => {
    const id = idBeside(String(span.attributes['truth.call']));
    const isBeside = ids.has(id) && span.attributes['redress.answered_by'] === undefined;
    return isBeside ? { ...span, attributes: { ...span.attributes, 'truth.call': id } } : span;
  });
  return { happened: { ...happened, calls: [...happened.calls, ...beside], attempts }, spans: shown };
}

function idBeside(call: string): string {
  return `${call}-beside`;
}
