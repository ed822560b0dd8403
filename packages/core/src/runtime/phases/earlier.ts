import type { AttemptFailure } from '../../classify/AttemptFailure.js';
import { giveCause } from '../../classify/giveCause.js';
import type { EarlierFailure } from '../../model/Outcome.js';
import type { End } from '../../around/End.js';
import { type CallHistory, type EarlierAttempt, MOST_EARLIER } from '../CallHistory.js';

/** What is said of something that was used up by the attempt before: a body, a request, a stream. */
const USED_UP =
  /body (is unusable|used already|has already been|is disturbed|stream already)|already (been )?(used|read|consumed|sent)|is (disturbed|locked)/i;

/** SQLSTATE: the transaction was given up with the statement before, and takes no other. */
const IN_FAILED_TRANSACTION = '25P02';

/**
 * The failures before the last, where they say more than it does: one was of another class. A last failure that comes of the retry itself
 * (a body that the first attempt used up, a transaction that it broke) gets what failed before as its cause, unless it has one.
 */
export function earlierFailures(last: AttemptFailure, history: CallHistory | undefined): readonly EarlierFailure[] | undefined {
  const before = history?.earlier.at(-1);
  if (history === undefined || before === undefined) return undefined;
  const comesOfRetry = isOfRetry(last.error);
  if (comesOfRetry) giveCause(last.error, (history.earlier.find(({ failure }) => !isOfRetry(failure.error)) ?? before).failure.error);
  if (!comesOfRetry && history.earlier.every(({ failure }) => failure.errorClass === last.errorClass)) return undefined;
  return history.earlier.map(told);
}

/** Every failure of a call that something else answered for, and failed: the last of the call is none of the one that the caller sees. */
export function failuresOf(end: End, history: CallHistory | undefined): readonly EarlierFailure[] | undefined {
  const last = end.kind === 'aborted' ? undefined : end.failure;
  if (last === undefined || end.attempts === 0) return undefined;
  const before = history?.earlier.slice(0, MOST_EARLIER - 1) ?? [];
  return [...before, { attempt: end.attempts, failure: last }].map(told);
}

function told({ attempt, failure: { error, errorClass } }: EarlierAttempt): EarlierFailure {
  return { attempt, error, errorClass };
}

function isOfRetry(error: unknown): boolean {
  try {
    if (!(error instanceof Error)) return false;
    return USED_UP.test(error.message) || Reflect.get(error, 'code') === IN_FAILED_TRANSACTION;
  } catch {
    return false;
  }
}
