/** How an attempt failed: it threw (or rejected), or its result was judged a failure. */
export type FailedBy = 'exception' | 'result';
