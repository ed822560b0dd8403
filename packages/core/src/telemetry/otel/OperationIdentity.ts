import type { Context } from '@opentelemetry/api';
import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import { isStrayPromise } from '../../model/strayPromise.js';
import type { EventName } from '../../model/EventName.js';
import type { SuccessCounter } from '../port/CallRecorder.js';
import { LogSeverity } from '../port/LogSeverity.js';
import {
  ATTR_CIRCUIT_NAME,
  ATTR_OPERATION,
  ATTR_REDRESS_EVENT,
  ATTR_REDRESS_KEY,
  ATTR_REDRESS_LIBRARY,
  ATTR_REDRESS_POLICY,
  ATTR_RETRY_ATTEMPT,
} from '../port/semconv.js';
import type { Identity } from '../port/Telemetry.js';
import type { Destinations } from './Destinations.js';
import { seconds } from './events.js';
import { finite } from './finite.js';
import type { Expected, OperationCounters } from './metrics/OperationCounters.js';
import { hrTime } from './ProcessTime.js';
import { properName } from '../../model/properName.js';

/** What all calls of one policy and operation have in common, made once so that a call allocates its recorder and no more. */
export class OperationIdentity implements SuccessCounter {
  readonly counters: OperationCounters | undefined;
  readonly identity: Readonly<EmittedAttributes>;
  /** Attributes of the event of a success at the first attempt. */
  readonly firstSuccess: Readonly<EmittedAttributes>;
  /** As it is shown; the one given may be longer, or no text that UTF-8 has. */
  readonly operation: string;

  constructor(
    readonly destinations: Destinations,
    { policy, library }: Identity,
    readonly given: string,
    /** Undefined for what is told of no call. */
    expected: Expected | undefined,
  ) {
    const operation = properName(given);
    this.operation = operation;
    const owner: EmittedAttributes = { [ATTR_REDRESS_POLICY]: policy };
    if (library !== undefined) owner[ATTR_REDRESS_LIBRARY] = library;
    this.counters = destinations.metrics?.counters.of(owner, operation);
    if (expected !== undefined) this.counters?.expect(expected);
    this.identity = Object.freeze({ ...owner, [ATTR_OPERATION]: operation });
    this.firstSuccess = Object.freeze({ [ATTR_RETRY_ATTEMPT]: 1 });
  }

  attempt(number: number): void {
    this.counters?.attempt(number);
  }

  endSuccess(attempt: number, elapsedMs: number): void {
    const { counters } = this;
    if (counters === undefined) return;
    counters.success(attempt);
    this.destinations.metrics?.recordCall(seconds(elapsedMs), counters.successAttributes, undefined);
  }

  event(name: EventName, facts: Readonly<EmittedAttributes> | undefined): void {
    this.counters?.tell(name, facts, false);
  }

  endAnswered(elapsedMs: number): void {
    const { counters } = this;
    if (counters === undefined) return;
    counters.answered();
    this.destinations.metrics?.recordCall(seconds(elapsedMs), counters.successAttributes, undefined);
  }

  /** What an event of that attempt says; on a log record beside the identity, which a span has itself. */
  eventAttributes(attempt: number, facts?: Readonly<EmittedAttributes>): EmittedAttributes {
    const circuit = facts?.[ATTR_CIRCUIT_NAME];
    const named = typeof circuit === 'string' ? { ...facts, [ATTR_CIRCUIT_NAME]: properName(circuit) } : facts;
    return finite({ [ATTR_RETRY_ATTEMPT]: attempt, ...named });
  }

  /**
   * Tells an event to all who want it: counts it, puts it on the span of the call that it is of, and logs it. Counter, span and log have it
   * from the same facts.
   */
  tell(
    event: EventName,
    attempt: number,
    facts: Readonly<EmittedAttributes> | undefined,
    call: EventTaker | undefined,
    severity: LogSeverity = this.destinations.refusals.severityOf(event, facts),
  ): void {
    this.counters?.tell(event, facts, call?.key !== undefined || facts?.[ATTR_REDRESS_KEY] !== undefined);
    if (call?.takesEvents !== true && !this.destinations.emitsLog(event, severity)) return;
    const attributes = this.eventAttributes(attempt, facts);
    const timeUs = call === undefined ? this.destinations.time.now() : call.nextUs();
    call?.addEvent(event, attributes, timeUs);
    this.log(event, attributes, severity, call, timeUs);
  }

  activeContext(): Context {
    try {
      return context.active();
    } catch (error) {
      this.destinations.diagnostics.warnOnce('reading the active context threw', error);
      return ROOT_CONTEXT;
    }
  }

  /** Emits the log event where the options ask for it. */
  log(
    event: EventName,
    attributes: Readonly<EmittedAttributes>,
    severityText: LogSeverity,
    call: EventTaker | undefined,
    timeUs: number,
  ): void {
    const { destinations } = this;
    if (!destinations.emitsLog(event, severityText)) return;
    const told = (error: unknown): void => destinations.diagnostics.warnOnce('emitting a log event threw', error);
    try {
      const emitted: unknown = destinations.logs?.emit({
        timestamp: hrTime(timeUs),
        eventName: `redress.${event}`,
        severityNumber: LogSeverity[severityText],
        severityText,
        attributes: { ...this.identity, ...keyOf(call), ...attributes, [ATTR_REDRESS_EVENT]: event },
        context: call?.context ?? this.activeContext(),
      });
      if (isStrayPromise(emitted, told)) told(new TypeError('emit of a log sink must give nothing; got a promise'));
    } catch (error) {
      told(error);
    }
  }
}

/** The span of a call, as far as an event needs it; the span knows its identity in turn. */
export interface EventTaker {
  /** Whether an event would be kept; when not, its attributes need not be made. */
  readonly takesEvents: boolean;
  readonly context: Context | undefined;
  /** The key that the call is made for; the span has it already. */
  readonly key: string | undefined;
  addEvent(event: EventName, attributes: Readonly<EmittedAttributes>, timeUs: number): void;
  /** The time now, later than any that it gave before. */
  nextUs(): number;
}

function keyOf(call: EventTaker | undefined): Readonly<EmittedAttributes> | undefined {
  return call?.key === undefined ? undefined : { [ATTR_REDRESS_KEY]: call.key };
}
