import { type Context, context, type ContextManager, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';

/** What is used of Node's AsyncLocalStorage, which Bun and Deno have too. */
interface Storage {
  getStore(): Context | undefined;
  run<R>(store: Context, fn: () => R): R;
  disable(): void;
}

/** OpenTelemetry's context along promises and timers, so that a span made in a function nests under its call. */
class AsyncContext implements ContextManager {
  constructor(private readonly storage: Storage) {}

  active(): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    ctx: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(ctx, () => fn.apply(thisArg, args));
  }

  /** Binds functions; anything else is given back as it is. */
  bind<T>(ctx: Context, target: T): T {
    if (typeof target !== 'function') return target;
    const run = <R>(fn: () => R): R => this.storage.run(ctx, fn);
    return new Proxy(target, {
      apply: (fn, thisArg, args): unknown => run(() => Reflect.apply(fn, thisArg, args)),
    });
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.storage.disable();
    return this;
  }
}

let users = 0;
let own: AsyncContext | undefined;

/**
 * Sees to it that there is a context manager: the one that is registered, or an own one until the last user gave it back.
 * Where there is no AsyncLocalStorage there is none: spans then have no parents.
 */
export function shareContext(): () => void {
  if (users++ === 0 && !isRegistered()) {
    const storage = newStorage();
    own = storage === undefined ? undefined : new AsyncContext(storage);
    if (own !== undefined) context.setGlobalContextManager(own);
  }
  let given = false;
  return () => {
    if (given) return;
    given = true;
    if (--users > 0 || own === undefined) return;
    own = undefined;
    context.disable();
  };
}

function isRegistered(): boolean {
  const key = createContextKey('probe');
  return context.with(ROOT_CONTEXT.setValue(key, true), () => context.active().getValue(key) === true);
}

interface BuiltinModules {
  getBuiltinModule(name: string): unknown;
}

function newStorage(): Storage | undefined {
  const modules: unknown = Reflect.get(globalThis, 'process');
  if (!hasBuiltinModules(modules)) return undefined;
  const hooks = modules.getBuiltinModule('node:async_hooks');
  return hasStorage(hooks) ? new hooks.AsyncLocalStorage() : undefined;
}

function hasBuiltinModules(value: unknown): value is BuiltinModules {
  return typeof value === 'object' && value !== null && 'getBuiltinModule' in value;
}

function hasStorage(value: unknown): value is { readonly AsyncLocalStorage: new () => Storage } {
  return typeof value === 'object' && value !== null && 'AsyncLocalStorage' in value;
}
