import type { Attempt } from '../model/Attempt.js';
import type { CallOptions } from '../model/CallOptions.js';
import type { Outcome } from '../model/Outcome.js';
import { GATES, type PolicyGates } from '../gates/list.js';
import { Call } from '../runtime/Call.js';
import type { Caller } from '../runtime/phases/settle.js';
import { checkCallOptions } from './callOptions.js';
import { handleOf } from './gates.js';
import type { Policy } from './Policy.js';
import type { PolicyParts } from './PolicyParts.js';

/** What stands behind a policy and those made from it by `with`: `updatePolicy` changes its parts in place. */
export interface PolicyState {
  parts: PolicyParts;
  dispose(): void;
}

/** Its gates are there by the names of their options. */
export interface PolicyHandle extends PolicyGates {}

/** A policy as its user holds it. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block keeps what the interface says, for every gate there is
export class PolicyHandle implements Policy {
  static {
    for (const { option } of GATES) {
      const get = function (this: PolicyHandle) {
        return handleOf(this.#state.parts.gates, option);
      };
      Object.defineProperty(this.prototype, option, { get, configurable: true });
    }
  }

  readonly #state: PolicyState;
  readonly #preset: CallOptions | undefined;

  constructor(state: PolicyState, preset: CallOptions | undefined) {
    this.#state = state;
    this.#preset = preset;
  }

  get name(): string {
    return this.#state.parts.plan.name;
  }

  call<R, F = never>(fn: (attempt: Attempt) => R, options?: CallOptions<R, F>): Promise<Awaited<R> | F> {
    return new Promise((resolve, reject) => this.#start(fn, options, false, resolve, reject));
  }

  settle<R, F = never>(fn: (attempt: Attempt) => R, options?: CallOptions<R, F>): Promise<Outcome<Awaited<R> | F>> {
    return new Promise((resolve, reject) => this.#start(fn, options, true, resolve, reject));
  }

  wrap<This, A extends unknown[], R>(
    fn: (this: This, ...args: A) => R,
    options?: CallOptions<R>,
  ): (this: This, ...args: A) => Promise<Awaited<R>> {
    const policy = this.#checked(fn, options);
    return function (this: This, ...args: A): Promise<Awaited<R>> {
      return policy.call(() => fn.apply(this, args), options);
    };
  }

  fn<A extends unknown[], R>(fn: (attempt: Attempt, ...args: A) => R, options?: CallOptions<R>): (...args: A) => Promise<Awaited<R>> {
    const policy = this.#checked(fn, options);
    return (...args) => policy.call((attempt) => fn(attempt, ...args), options);
  }

  with(options: CallOptions): Policy {
    checkCallOptions(this.name, options);
    return new PolicyHandle(this.#state, Object.freeze({ ...merged(this.#preset, options) }));
  }

  dispose(): void {
    this.#state.dispose();
  }

  /** What is wrong is told when a function is wrapped, not when it is called. */
  #checked(fn: unknown, options: object | undefined): this {
    checkFunction(this.name, fn);
    if (options !== undefined) checkCallOptions(this.name, options);
    return this;
  }

  #start<R, F>(
    fn: (attempt: Attempt) => R,
    own: CallOptions<R, F> | undefined,
    wantsOutcome: boolean,
    resolve: Caller['resolve'],
    reject: Caller['reject'],
  ): void {
    const { plan } = this.#state.parts;
    if (typeof fn !== 'function') checkFunction(plan.name, fn);
    // A call hands its own results to its own classifyResult, which is all that R says.
    const options = own === undefined ? this.#preset : this.#optionsOf(own as CallOptions);
    const call = new Call(plan, fn, options, wantsOutcome, resolve, reject);
    call.begin();
    if (call.refusedWith !== undefined) captureStack(call.refusedWith, this.call);
  }

  #optionsOf(own: CallOptions): CallOptions {
    checkCallOptions(this.name, own);
    return merged(this.#preset, own);
  }
}

/** Gives an error the stack of whoever called `called`. It is V8's to do; elsewhere an error has its own. */
function captureStack(error: Error, called: unknown): void {
  const capture: unknown = Reflect.get(Error, 'captureStackTrace');
  if (typeof capture === 'function') Reflect.apply(capture, Error, [error, called]);
}

function checkFunction(policy: string, fn: unknown): void {
  if (typeof fn !== 'function')
    throw new TypeError(`a call of policy ${policy}: fn must be a function; got ${fn === null ? 'null' : typeof fn}`);
}

/** Presets under a call's own options; an option that is undefined is absent, and leaves the preset. */
function merged(preset: CallOptions | undefined, own: CallOptions): CallOptions {
  if (preset === undefined) return own;
  const present = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...preset, ...present };
}
