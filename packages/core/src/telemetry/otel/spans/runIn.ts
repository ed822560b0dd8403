import { type Context, context } from '@opentelemetry/api';
import type { Attempt } from '../../../model/Attempt.js';

/**
 * Runs a function exactly once in a context, whatever the context manager does: one that throws before, throws after,
 * calls twice or not at all changes neither the result nor the error.
 */
export function runIn<T>(target: Context, fn: (attempt: Attempt) => T, attempt: Attempt, owner: ContextUser): T {
  const invocation = new Invocation(fn, attempt);
  try {
    context.with(target, invoke, undefined, invocation);
  } catch (error) {
    // The function's own error is caught inside, so this one is the context manager's.
    owner.contextManagerThrew(error);
  }
  invoke(invocation);
  if (invocation.threw) throw invocation.error;
  return invocation.result as T;
}

/** Told of what the context manager throws. */
export interface ContextUser {
  contextManagerThrew(error: unknown): void;
}

class Invocation<T> {
  begun = false;
  threw = false;
  result: T | undefined;
  error: unknown;

  constructor(
    readonly fn: (attempt: Attempt) => T,
    readonly attempt: Attempt,
  ) {}
}

function invoke<T>(invocation: Invocation<T>): void {
  if (invocation.begun) return;
  invocation.begun = true;
  const { fn } = invocation;
  try {
    invocation.result = fn(invocation.attempt);
  } catch (error) {
    invocation.threw = true;
    invocation.error = error;
  }
}
