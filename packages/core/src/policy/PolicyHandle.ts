import type { Attempt } from '../model/Attempt.js';
import type { CallOptions } from '../runtime/CallOptions.js';
import type { Outcome } from '../model/Outcome.js';
import { AROUND } from '../around/list.js';
import type { PolicyAroundHandles } from '../around/policyOptions.js';
import type { GateHandle } from '../gates/GatePart.js';
import { GATES, type PolicyGates } from '../gates/list.js';
import { Call } from '../runtime/Call.js';
import type { Caller } from '../runtime/phases/settle.js';
import type { CallSettings } from '../runtime/CallSettings.js';
import type { Plan } from '../runtime/Plan.js';
import { readCallOptions } from './callOptions.js';
import type { PolicyHealth } from './health/PolicyHealth.js';
import type { Policy } from './Policy.js';

/** What stands behind a policy and those made from it by `with`: `updatePolicy` changes it in place. */
export interface PolicyState {
  readonly name: string;
  /** What a call that begins now goes by. */
  readonly plan: Plan;
  /** What the user holds of the gate of an option. */
  gate(option: string): GateHandle | undefined;
  /** What the user holds of what stands around its calls, by option. */
  around(option: string): object | undefined;
  /** How it stands; a look changes nothing. */
  stats(): PolicyHealth;
  dispose(): void;
}

/** What stands behind the handle. */
export interface Insides {
  readonly state: PolicyState;
  readonly preset: CallSettings | undefined;
}

const INSIDES = Symbol('redress.policy');

/** Its gates, and what else users hold of it, are there by the names of their options. */
// biome-ignore lint/correctness/noUnusedVariables: what it says is said of the class, whose parameter this is
export interface PolicyHandle<F = never> extends PolicyGates, PolicyAroundHandles {}

/** A policy as its user holds it. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block keeps what the interface says, for every gate there is
export class PolicyHandle<F = never> implements Policy<F> {
  static {
    for (const { option } of GATES) {
      const get = function (this: PolicyHandle) {
        return insidesOf(this, option).state.gate(option);
      };
      Object.defineProperty(this.prototype, option, { get, configurable: true });
    }
    for (const { option, hasHandle } of AROUND) {
      if (hasHandle !== true) continue;
      const get = function (this: PolicyHandle) {
        return insidesOf(this, option).state.around(option);
      };
      Object.defineProperty(this.prototype, option, { get, configurable: true });
    }
  }

  declare readonly '~gives'?: F | undefined;

  /** Not `#private`, which a Proxy around the policy has not; and not enumerable, so that nobody sees it. */
  declare readonly [INSIDES]: Insides;

  constructor(insides: Insides) {
    Object.defineProperty(this, INSIDES, { value: insides });
  }

  get name(): string {
    return insidesOf(this, 'name').state.name;
  }

  call<R, G = never>(fn: (attempt: Attempt) => R, options?: CallOptions<R, G>): Promise<Awaited<R> | F | G> {
    return new Promise((resolve, reject) => start(insidesOf(this, 'call'), fn, options as CallOptions | undefined, false, resolve, reject));
  }

  settle<R, G = never>(fn: (attempt: Attempt) => R, options?: CallOptions<R, G>): Promise<Outcome<Awaited<R> | F | G>> {
    return new Promise((resolve, reject) =>
      start(insidesOf(this, 'settle'), fn, options as CallOptions | undefined, true, resolve, reject),
    );
  }

  wrap<This, A extends unknown[], R, G = never>(
    fn: (this: This, ...args: A) => R,
    options?: CallOptions<R, G>,
  ): (this: This, ...args: A) => Promise<Awaited<R> | F | G> {
    const policy: Policy<F | G> = checked(insidesOf(this, 'wrap'), this, fn, options as CallOptions | undefined);
    return function (this: This, ...args: A): Promise<Awaited<R> | F | G> {
      return policy.call(() => fn.apply(this, args));
    };
  }

  fn<A extends unknown[], R, G = never>(
    fn: (attempt: Attempt, ...args: A) => R,
    options?: CallOptions<R, G>,
  ): (...args: A) => Promise<Awaited<R> | F | G> {
    const policy: Policy<F | G> = checked(insidesOf(this, 'fn'), this, fn, options as CallOptions | undefined);
    return (...args) => policy.call((attempt) => fn(attempt, ...args));
  }

  with<G = never>(options: CallOptions<unknown, G>): Policy<F | G> {
    return preset(insidesOf(this, 'with'), options as CallOptions);
  }

  stats(): PolicyHealth {
    return insidesOf(this, 'stats').state.stats();
  }

  dispose(): void {
    insidesOf(this, 'dispose').state.dispose();
  }
}

/** What a method needs of its policy, also through a Proxy. Throws a TypeError for a method that was taken off its policy. */
function insidesOf(policy: PolicyHandle<unknown> | undefined, method: string): Insides {
  const insides = policy?.[INSIDES];
  if (insides !== undefined) return insides;
  throw new TypeError(
    `${method} was called without its policy: call it as policy.${method}(…), or bind it first: policy.${method}.bind(policy)`,
  );
}

/** What is wrong is told when a function is wrapped, not when it is called; its options are read then, too. */
function checked<F>(insides: Insides, policy: Policy<F>, fn: unknown, options: CallOptions | undefined): Policy<F> {
  checkFunction(insides.state.name, fn);
  return options === undefined ? policy : preset(insides, options);
}

function preset<F>({ state, preset }: Insides, options: CallOptions): Policy<F> {
  return new PolicyHandle<F>({ state, preset: readCallOptions(state.name, options, preset) });
}

// A call hands its own results to its own classifyResult, which is all that its R says.
function start<R>(
  { state, preset }: Insides,
  fn: (attempt: Attempt) => R,
  own: CallOptions | undefined,
  wantsOutcome: boolean,
  resolve: Caller['resolve'],
  reject: Caller['reject'],
): void {
  const { plan } = state;
  if (typeof fn !== 'function') checkFunction(plan.name, fn);
  const options = own === undefined ? preset : readCallOptions(plan.name, own, preset);
  const call = new Call(plan, fn, options, wantsOutcome, resolve, reject);
  call.launch();
  if (call.refusedWith !== undefined) captureStack(call.refusedWith, PolicyHandle.prototype.call);
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
