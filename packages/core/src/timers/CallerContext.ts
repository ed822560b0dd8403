/**
 * An async context, to be entered again: every AsyncLocalStorage has the store in there that it had when the context was taken, and
 * OpenTelemetry's context is one of them. It is Node's AsyncResource, which Bun and Deno have too.
 */
export interface CallerContext {
  runInAsyncScope<This, Args extends unknown[], R>(fn: (this: This, ...args: Args) => R, thisArg: This, ...args: Args): R;
  /** Nobody enters it again. */
  emitDestroy(): unknown;
}

interface AsyncHooks {
  readonly AsyncResource: new (type: string, options: { readonly requireManualDestroy: boolean }) => CallerContext;
}

const Resource = asyncHooks()?.AsyncResource;
/** Made once; and without a note for the garbage collector for each: a call says itself when it is over. */
const OPTIONS = { requireManualDestroy: true };

/** The context of whoever runs now; undefined where the runtime has none, and everything runs where it is. */
export function callerContext(): CallerContext | undefined {
  return Resource === undefined ? undefined : new Resource('redress.Call', OPTIONS);
}

/** Core imports nothing of Node's; a runtime that has the module hands it out. */
function asyncHooks(): AsyncHooks | undefined {
  const runtime: unknown = Reflect.get(globalThis, 'process');
  if (typeof runtime !== 'object' || runtime === null || !('getBuiltinModule' in runtime)) return undefined;
  const { getBuiltinModule } = runtime;
  if (typeof getBuiltinModule !== 'function') return undefined;
  const found: unknown = Reflect.apply(getBuiltinModule, runtime, ['node:async_hooks']);
  return isAsyncHooks(found) ? found : undefined;
}

function isAsyncHooks(value: unknown): value is AsyncHooks {
  return typeof value === 'object' && value !== null && 'AsyncResource' in value && typeof value.AsyncResource === 'function';
}
