import type { Rule, Rules } from '../model/rules.js';
import type { Clock } from '../model/Clock.js';
import type { Around } from './Around.js';

/** The policy that something stands around. */
export interface AroundOwner {
  readonly clock: Clock | undefined;
  /** Uniform in [0, 1), whatever the user's does. */
  readonly random: () => number;
}

/** A kind of thing that answers in the place of a function, as a policy takes it in: the one thing that its folder hands to the list. */
export interface AroundPart<Options = unknown> {
  /** The policy's option. */
  readonly option: string;
  /** Why it stands outside of all that comes later: said of an order that has it elsewhere. */
  readonly outside: string;
  /** What the option must be, `false` aside. */
  readonly rule: Rule;
  /** Reads what was given, each option once, and checks it. Throws a TypeError that names the option, the value and the rule. */
  read(where: string, given: unknown): Options;
  /** Whether users may hold one as a property of their policy. */
  readonly hasHandle?: boolean | undefined;
  /**
   * Makes it from what `read` gave; undefined for a policy without the option. Gives undefined when it then has nothing to do for any call.
   * `before` is what an updated policy had where these options did not change: what it knows is to be kept.
   */
  make(options: Options | undefined, owner: AroundOwner, before?: Around): Around | undefined;
  /** What a call may ask of it, by option. */
  readonly callRules: Rules;
  /** Reads what a call asks, once, where that is more than a word. Throws a TypeError that names the option, the value and the rule. */
  readCall?(where: string, option: string, given: unknown): unknown;
}
