import type { Attempt } from '../model/Attempt.js';
import type { CallOptions } from '../runtime/CallOptions.js';
import type { Outcome } from '../model/Outcome.js';
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

/** Its gates are there by the names of their options. */
export interface PolicyHandle extends PolicyGates {}

/** A policy as its user holds it. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block keeps what the interface says, for every gate there is
export class PolicyHandle implements Policy {
  static {
    for (const { option } of GATES) {
      const get = function (this: PolicyHandle) {
        return insidesOf(this, option).state.gate(option);
      };
      Object.defineProperty(this.prototype, option, { get, configurable: true });
    }
  }

  /** Not `#private`, which a Proxy around the policy has not; and not enumerable, so that nobody sees it. */
  declare readonly [INSIDES]: Insides;

  constructor(insides: Insides) {
    Object.defineProperty(this, INSIDES, { value: insides });
  }

  get name(): string {
    return insidesOf(this, 'name').state.name;
  }

  call<R, F = never>(fn: (attempt: Attempt) => R, options?: CallOptions<R, F>): Promise<Awaited<R> | F> {
    return new Promise((resolve, reject) => start(insidesOf(this, 'call'), fn, options as CallOptions | undefined, false, resolve, reject));
  }

  settle<R, F = never>(fn: (attempt: Attempt) => R, options?: CallOptions<R, F>): Promise<Outcome<Awaited<R> | F>> {
    return new Promise((resolve, reject) =>
      start(insidesOf(this, 'settle'), fn, options as CallOptions | undefined, true, resolve, reject),
    );
  }

  wrap<This, A extends unknown[], R>(
    fn: (this: This, ...args: A) => R,
    options?: CallOptions<R>,
  ): (this: This, ...args: A) => Promise<Awaited<R>> {
    const policy = checked(insidesOf(this, 'wrap'), this, fn, options as CallOptions | undefined);
    return function (this: This, ...args: A): Promise<Awaited<R>> {
      return policy.call(() => fn.apply(this, args));
    };
  }

  fn<A extends unknown[], R>(fn: (attempt: Attempt, ...args: A) => R, options?: CallOptions<R>): (...args: A) => Promise<Awaited<R>> {
    const policy = checked(insidesOf(this, 'fn'), this, fn, options as CallOptions | undefined);
    return (...args) => policy.call((attempt) => fn(attempt, ...args));
  }

  with(options: CallOptions): Policy {
    return preset(insidesOf(this, 'with'), options);
  }

  stats(): PolicyHealth {
    return insidesOf(this, 'stats').state.stats();
  }

  dispose(): void {
    insidesOf(this, 'dispose').state.dispose();
  }
}

/** What a method needs of its policy, also through a Proxy. Throws a TypeError for a method that was taken off its policy. */
function insidesOf(policy: PolicyHandle | undefined, method: string): Insides {
  const insides = policy?.[INSIDES];
  if (insides !== undefined) return insides;
  throw new TypeError(
    `${method} was called without its policy: call it as policy.${method}(…), or bind it first: policy.${method}.bind(policy)`,
  );
}

/** What is wrong is told when a function is wrapped, not when it is called; its options are read then, too. */
function checked(insides: Insides, policy: Policy, fn: unknown, options: CallOptions | undefined): Policy {
  checkFunction(insides.state.name, fn);
  return options === undefined ? policy : preset(insides, options);
}

function preset({ state, preset }: Insides, options: CallOptions): Policy {
  return new PolicyHandle({ state, preset: readCallOptions(state.name, options, preset) });
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
