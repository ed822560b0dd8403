import type { Attempt } from '../model/Attempt.js';
import type { CallOptions } from '../runtime/CallOptions.js';
import type { Policy } from '../policy/Policy.js';

/** One call of a policy that another stands in for. */
export interface StoodIn {
  readonly method: 'call' | 'settle';
  readonly fn: (attempt: Attempt) => unknown;
  /** The options of this call alone. */
  readonly options: CallOptions | undefined;
  /** Those that were preset by `with` included. */
  readonly asked: CallOptions;
}

/** Makes the call by the real policy. */
export type StandIn = (real: Policy, call: StoodIn) => Promise<unknown>;

/** A policy that stands in for another, with what it has beside that; and so does one made from it. */
export type StandInOf<Extra> = Omit<Policy, 'with'> & Extra & { with(options: CallOptions): StandInOf<Extra> };

/**
 * A policy that looks like another one and makes its calls by `how`; all else is the other's. `extra`: what it has beside that.
 */
export function standIn<Extra extends object>(real: Policy, how: StandIn, extra: Extra, preset: CallOptions = {}): StandInOf<Extra> {
  const make = (method: StoodIn['method'], fn: StoodIn['fn'], options: CallOptions | undefined): Promise<unknown> =>
    how(real, { method, fn, options, asked: { ...preset, ...options } });
  const withOptions = (options: CallOptions): StandInOf<Extra> => standIn(real.with(options), how, extra, { ...preset, ...options });
  const bound = (options: CallOptions | undefined): Policy => (options === undefined ? itself : withOptions(options));
  const own = {
    call: (fn: StoodIn['fn'], options?: CallOptions) => make('call', fn, options),
    settle: (fn: StoodIn['fn'], options?: CallOptions) => make('settle', fn, options),
    with: withOptions,
    wrap(fn: (...args: unknown[]) => unknown, options?: CallOptions) {
      real.wrap(fn, options); // says what is wrong with them
      const policy = bound(options);
      return function (this: unknown, ...args: unknown[]) {
        return policy.call(() => fn.apply(this, args));
      };
    },
    fn(fn: (attempt: Attempt, ...args: unknown[]) => unknown, options?: CallOptions) {
      real.fn(fn, options);
      const policy = bound(options);
      return (...args: unknown[]) => policy.call((attempt) => fn(attempt, ...args));
    },
  };
  const itself: StandInOf<Extra> = new Proxy(real, {
    get(target, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key);
      return key in extra ? Reflect.get(extra, key) : Reflect.get(target, key);
    },
  }) as StandInOf<Extra>;
  return itself;
}
