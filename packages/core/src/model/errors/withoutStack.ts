/**
 * Makes errors without a stack, at a tenth of the price: a refusal is made as often as an outage has calls, and its stack always says
 * the same. `Error.stackTraceLimit` is V8's; where it is missing or read-only, the stack stays.
 */
export function withoutStack<E>(make: () => E): E {
  const v8: ErrorConstructor & { stackTraceLimit?: unknown } = Error;
  const limit = v8.stackTraceLimit;
  if (typeof limit !== 'number' || !Reflect.set(v8, 'stackTraceLimit', 0)) return make();
  try {
    return make();
  } finally {
    v8.stackTraceLimit = limit;
  }
}
