import { callerContext } from './CallerContext.js';

/** Where core was loaded: in no call. */
const outside = callerContext();

/**
 * Runs a function in no caller's context. What lives on when the call is over (a timer that all calls share) would otherwise keep the
 * stores of the one that happened to make it.
 */
export function outsideOfCalls<A, R>(fn: (argument: A) => R, argument: A): R {
  return outside === undefined ? fn(argument) : outside.runInAsyncScope(fn, undefined, argument);
}
