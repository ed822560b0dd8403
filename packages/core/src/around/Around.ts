import type { EmittedAttributes } from '../model/EmittedAttributes.js';
import type { EventName } from '../model/EventName.js';
import type { UnsuccessfulOutcome } from '../model/Outcome.js';
import type { CallRecorder } from '../telemetry/port/CallRecorder.js';
import type { End } from './End.js';
import type { AroundCallOptions } from './options.js';

/** A call, as far as what stands around it knows it; the runtime stands above. One object a call, so that something may be remembered of it. */
export interface AroundCall {
  /** The policy's name. */
  readonly policy: string;
  readonly operation: string;
  /** The key that the call is of, in a keyed policy. */
  readonly key: string | undefined;
  /** What the call itself asked for. */
  readonly asked: AroundCallOptions | undefined;
  /** Attempts made. */
  readonly attempts: number;
  /** It was made by `again`: nobody waits for it. */
  readonly isAgain: boolean;
  /** It is over for its caller. */
  readonly settled: boolean;
  /** Told of what happens; undefined when nobody listens. Asked for only when there is something to tell. */
  readonly recorder: CallRecorder | undefined;
  /** Milliseconds on the policy's clock. */
  now(): number;
  /** Tells what happened, which costs less than by the recorder. */
  tell(event: EventName, facts?: Readonly<EmittedAttributes>): void;
  /** Makes the same call once more, for nobody: it has neither the caller's signal nor his parent, and is told as a call of its own. */
  again(): void;
}

/**
 * What stands around the calls of a policy and may answer in the place of their function: a cache, a fallback. The runtime knows it by
 * this shape alone. None of its methods throws; what they call of the user's they guard.
 */
export interface Around {
  /** What users hold of it, as a property of their policy by the name of the option. */
  readonly handle?: object | undefined;
  /** A call begins, and its function was not called yet. Undefined: it goes on. */
  enter?(call: AroundCall): Answer | SharedEnd | Later | undefined;
  /** The function of a call gave this value, which is what the caller gets. */
  succeeded?(call: AroundCall, value: unknown): void;
  /**
   * The call is over without success, and nobody before this one in the list answered for it; `insteadOf` makes the outcome that it would
   * have. Undefined: that is how it ends. Of one that was aborted or deferred the answer changes nothing.
   */
  ended?(call: AroundCall, end: End, insteadOf: () => UnsuccessfulOutcome): Answer | Later | undefined;
}

/** What the caller gets. */
export interface Answer {
  readonly kind: 'answer';
  readonly value: unknown;
  /** `redress.answered_by`. */
  readonly by: string;
  /** Told before the end of the call; where a call has failed, with how it would have ended. After a wait that was told, nothing. */
  readonly event?: EventName | undefined;
  readonly facts?: Readonly<EmittedAttributes> | undefined;
}

/** It ends as another call did that asked for the same. */
export interface SharedEnd {
  readonly kind: 'end';
  readonly end: End;
}

/** What was to answer failed itself: its error is what the caller sees. */
export interface FailedAnswer {
  readonly kind: 'failed';
  readonly error: unknown;
}

/** The answer comes later. */
export interface Later {
  readonly kind: 'later';
  /** Called once, with the call's span active, after what happens was told. Never rejects. Undefined, for a call that begins: it goes on. */
  begin(): PromiseLike<Answer | SharedEnd | FailedAnswer | undefined>;
  /** After the end of a call: milliseconds that it may take. While a call begins, that has its own deadline. */
  readonly timeoutMs?: number | undefined;
  /** A function of the user's runs meanwhile: one that goes on after the call has settled is gauged as abandoned. */
  readonly runs?: boolean | undefined;
  /** After the end of a call: told when it begins, with how the call would have ended. */
  readonly event?: EventName | undefined;
  readonly facts?: Readonly<EmittedAttributes> | undefined;
  /** Nobody waits for it any more; told at most once, and perhaps before `begin`. */
  cancel(reason?: unknown): void;
}
