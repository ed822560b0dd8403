import type { Context, SpanOptions } from '@opentelemetry/api';
import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { CircuitState } from '../../model/CircuitState.js';
import type { EventName } from '../../model/EventName.js';
import type { TransitionFacts } from '../port/CallRecorder.js';
import type { Environment } from './Destinations.js';
import { LogSeverity } from './LogSink.js';
import type { OperationCounters } from './metrics/OperationCounters.js';
import type { EmittedAttributes } from './metrics/CounterRows.js';
import {
  ATTR_CIRCUIT_NAME,
  ATTR_CIRCUIT_STATE,
  ATTR_OPERATION,
  ATTR_REDRESS_EVENT,
  ATTR_REDRESS_POLICY,
  ATTR_RETRY_ATTEMPT,
  EVENT_SEVERITY,
} from '../semconv.js';

/** The event of a circuit's change into each state. */
const TRANSITION_EVENT: Readonly<Record<CircuitState, EventName>> = {
  closed: 'circuit_closed',
  open: 'circuit_opened',
  half_open: 'circuit_half_open',
  forced_open: 'circuit_opened',
};

/** What all calls of one policy and operation have in common, made once so that a call allocates its recorder and no more. */
export class CallSeries {
  readonly counters: OperationCounters | undefined;
  readonly identity: Readonly<EmittedAttributes>;
  readonly startOptions: SpanOptions;
  /** Attributes of the event of a success at the first attempt. */
  readonly firstSuccess: Readonly<EmittedAttributes>;

  constructor(
    readonly environment: Environment,
    readonly policy: string,
    readonly operation: string,
  ) {
    this.counters = environment.metrics?.tables.counters(policy, operation);
    this.identity = Object.freeze({ [ATTR_REDRESS_POLICY]: policy, [ATTR_OPERATION]: operation });
    this.startOptions = Object.freeze({ attributes: this.identity });
    this.firstSuccess = Object.freeze(this.eventAttributes(1));
  }

  eventAttributes(attempt: number): EmittedAttributes {
    return { [ATTR_REDRESS_POLICY]: this.policy, [ATTR_OPERATION]: this.operation, [ATTR_RETRY_ATTEMPT]: attempt };
  }

  /** Counts a transition and logs it; `addEvent` puts it on the span of the call that caused it. */
  transition({ to }: TransitionFacts, circuitName: string, attempt: number, call: EventTaker | undefined): void {
    const event = TRANSITION_EVENT[to];
    this.counters?.tell(event, { circuitState: to });
    if (!(call?.takesEvents || this.environment.emitsLog(event))) return;
    const attributes = this.eventAttributes(attempt);
    attributes[ATTR_CIRCUIT_NAME] = circuitName;
    attributes[ATTR_CIRCUIT_STATE] = to;
    call?.addEvent(event, attributes);
    this.log(event, attributes, call?.context);
  }

  /** Emits the log event where the options ask for it. */
  log(event: EventName, attributes: Readonly<EmittedAttributes>, callContext: Context | undefined): void {
    const { environment } = this;
    if (!environment.emitsLog(event)) return;
    const severityText = EVENT_SEVERITY[event];
    try {
      environment.logs?.emit({
        eventName: `redress.${event}`,
        severityNumber: LogSeverity[severityText],
        severityText,
        attributes: { ...attributes, [ATTR_REDRESS_EVENT]: event },
        context: callContext ?? this.activeContext(),
      });
    } catch (error) {
      environment.diagnostics.warnOnce('emitting a log event threw', error);
    }
  }

  activeContext(): Context {
    try {
      return context.active();
    } catch (error) {
      this.environment.diagnostics.warnOnce('reading the active context threw', error);
      return ROOT_CONTEXT;
    }
  }
}

/** The span of a call, as far as an event needs it. */
export interface EventTaker {
  /** Whether an event would be kept; when not, its attributes need not be made. */
  readonly takesEvents: boolean;
  readonly context: Context | undefined;
  addEvent(event: EventName, attributes: Readonly<EmittedAttributes>): void;
}
