import { GATES, type GateCallOptions } from '../gates/list.js';
import type { Attempt } from '../model/Attempt.js';
import type { Attributes } from '../model/Attributes.js';
import type { CallOptions } from './CallOptions.js';
import type { BeforeSleep, SleepHandler } from '../model/Sleep.js';

/**
 * A call's options as they were at its start, its policy's presets included: the caller may change his object, use it again, or have it
 * answer something else. All of one shape, and each of its own, so that nothing is inherited.
 */
export class CallSettings implements CallOptions<unknown, unknown> {
  static {
    // Kept together, whatever gates there are: most calls ask none for anything, and then have one field for it all.
    for (const option of GATES.flatMap(({ callRules }) => Object.keys(callRules ?? {}))) {
      const set = function (this: CallSettings, value: unknown): void {
        this.ofGates = { ...this.ofGates, [option]: value };
      };
      const get = function (this: CallSettings): unknown {
        return this.ofGates && Reflect.get(this.ofGates, option);
      };
      Object.defineProperty(this.prototype, option, { get, set, configurable: true });
    }
  }

  operation: string | undefined = undefined;
  signal: AbortSignal | undefined = undefined;
  timeoutMs: number | undefined = undefined;
  attributes: Attributes | undefined = undefined;
  timeline: boolean | undefined = undefined;
  retry: CallOptions['retry'] = undefined;
  idempotent: boolean | undefined = undefined;
  hedge: false | undefined = undefined;
  resume: CallOptions['resume'] = undefined;
  classifyResult: CallOptions['classifyResult'] = undefined;
  parent: Attempt | undefined = undefined;
  sleep: SleepHandler | undefined = undefined;
  beforeSleep: BeforeSleep | undefined = undefined;
  cacheKey: string | undefined = undefined;
  /** What is asked of the gates. */
  ofGates: GateCallOptions | undefined = undefined;
  fallback: CallOptions<unknown, unknown>['fallback'] = undefined;
  /** Whether any of these is for what stands around the call. */
  asksAround = false;
  /** Made for nobody, by what stands around another call. */
  isAgain = false;
  /** The parent's: asked for once, when the call begins to watch it. */
  parentSignal: AbortSignal | undefined = undefined;

  /** What a call asked for, as far as one like it that nobody waits for asks for it too. */
  static again(of: CallSettings | undefined): CallSettings {
    const settings = new CallSettings();
    if (of !== undefined) settings.over(of);
    settings.signal = settings.parent = settings.timeline = settings.resume = undefined;
    settings.isAgain = true;
    return settings;
  }

  /** Whether there is anything for what stands around the call. Named one by one, for every call with options asks. */
  get hasAround(): boolean {
    return this.cacheKey !== undefined || this.fallback !== undefined;
  }

  /** Takes over what is not given. */
  over(preset: CallSettings): this {
    this.operation ??= preset.operation;
    this.signal ??= preset.signal;
    this.timeoutMs ??= preset.timeoutMs;
    this.attributes ??= preset.attributes;
    this.timeline ??= preset.timeline;
    this.retry ??= preset.retry;
    this.idempotent ??= preset.idempotent;
    this.hedge ??= preset.hedge;
    this.resume ??= preset.resume;
    this.classifyResult ??= preset.classifyResult;
    this.parent ??= preset.parent;
    this.sleep ??= preset.sleep;
    this.beforeSleep ??= preset.beforeSleep;
    this.cacheKey ??= preset.cacheKey;
    if (preset.ofGates !== undefined) this.ofGates = { ...preset.ofGates, ...this.ofGates };
    this.fallback ??= preset.fallback;
    this.asksAround ||= preset.asksAround;
    return this;
  }
}
