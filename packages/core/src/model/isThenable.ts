/** Whether a value may be waited for, as `await` does: by its `then`. May throw what a getter of the value throws. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && typeof thenOf(value) === 'function';
}

function thenOf(value: { readonly then?: unknown }): unknown {
  return value.then;
}
