import { type Context, context } from '@opentelemetry/api';

/**
 * Runs a function exactly once in a context, whatever the context manager does: one that throws before, throws after,
 * calls twice or not at all changes neither the result nor the error.
 */
export function runIn<A, T>(target: Context, fn: (argument: A) => T, argument: A, owner: ContextUser): T {
  const invocation = new Invocation(fn, argument);
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

/** Told of what the context manager throws: a call, which runs its functions by this file. */
export interface ContextUser {
  contextManagerThrew(error: unknown): void;
}

class Invocation<A, T> {
  begun = false;
  threw = false;
  result: T | undefined;
  error: unknown;

  constructor(
    readonly fn: (argument: A) => T,
    readonly argument: A,
  ) {}
}

function invoke<A, T>(invocation: Invocation<A, T>): void {
  if (invocation.begun) return;
  invocation.begun = true;
  const { fn } = invocation;
  try {
    invocation.result = fn(invocation.argument);
  } catch (error) {
    invocation.threw = true;
    invocation.error = error;
  }
}
