import { GATES, type GateCallOptions } from '../gates/list.js';
import type { Attempt } from '../model/Attempt.js';
import type { Attributes } from '../model/Attributes.js';
import type { CallOptions } from './CallOptions.js';
import type { BeforeSleep, SleepHandler } from '../model/Sleep.js';

/**
 * A call's options as they were at its start, its policy's presets included: the caller may change his object, use it again, or have it
 * answer something else. All of one shape, and each of its own, so that nothing is inherited.
 */
export class CallSettings implements CallOptions {
  static {
    // Kept together, whatever gates there are: most calls ask none for anything, and then have one field for it all.
    for (const option of GATES.flatMap(({ callRules }) => Object.keys(callRules ?? {}))) {
      const set = function (this: CallSettings, value: unknown): void {
        this.asked = { ...this.asked, [option]: value };
      };
      Object.defineProperty(this.prototype, option, { set, configurable: true });
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
  /** What is asked of the gates. */
  asked: GateCallOptions | undefined = undefined;
  /** The parent's: asked for once, when the call begins to watch it. */
  parentSignal: AbortSignal | undefined = undefined;

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
    if (preset.asked !== undefined) this.asked = { ...preset.asked, ...this.asked };
    return this;
  }
}
