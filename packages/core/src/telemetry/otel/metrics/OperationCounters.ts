import type { ErrorClass } from '../../../model/ErrorClass.js';
import type { EventName } from '../../../model/EventName.js';
import type { OutcomeKind } from '../../../model/Outcome.js';
import type { StopReason } from '../../../model/StopReason.js';
import type { CircuitState } from '../../../model/CircuitState.js';
import type { FailedBy } from '../../../model/FailedBy.js';
import type { MetricTables } from './Counters.js';
import { type Detail, type EmittedAttributes, OTHER, type Row, type RowTable } from './CounterRows.js';
import {
  ATTR_CIRCUIT_STATE,
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_OPERATION,
  ATTR_REDRESS_CAUSE,
  ATTR_REDRESS_EVENT,
  ATTR_REDRESS_OBSERVE_ONLY,
  ATTR_REDRESS_OUTCOME,
  ATTR_REDRESS_POLICY,
  ATTR_REDRESS_STOP_REASON,
  ATTR_RETRY_ATTEMPT,
} from '../../semconv.js';

/** What tells one row of `redress.events` from another, beside policy and operation. */
export interface EventFacts {
  readonly errorClass?: ErrorClass | undefined;
  readonly errorType?: string | undefined;
  readonly cause?: FailedBy | undefined;
  readonly stopReason?: StopReason | undefined;
  readonly circuitState?: CircuitState | undefined;
  readonly observeOnly?: boolean | undefined;
}

/**
 * The rows of one policy and operation in every table. What a success bumps is kept in fields, so that it costs no look-up.
 * When a table has no room, the row of the next coarser counters takes its place: a total is never lost.
 */
export class OperationCounters {
  private readonly rows = new Map<string, Row>();
  private firstAttempt: Row | undefined;
  private successes: Row | undefined;
  private successDuration: Row | undefined;

  constructor(
    private readonly tables: MetricTables,
    private readonly policy: string,
    private readonly operation: string,
    private readonly detail: Detail,
    private readonly coarser: OperationCounters | undefined,
  ) {}

  attempt(number: number): void {
    const row = number === 1 ? (this.firstAttempt ??= this.numbered(this.tables.attempts, 1)) : this.numbered(this.tables.attempts, number);
    row.value++;
  }

  success(attempt: number): void {
    const row = (this.successes ??= this.event('success', {}));
    row.value++;
    if (attempt > 1) this.numbered(this.tables.rescues, attempt).value++;
  }

  tell(event: EventName, facts: EventFacts): void {
    this.event(event, facts).value++;
  }

  retry(errorClass: ErrorClass, nextAttempt: number): void {
    this.numbered(this.tables.retries, nextAttempt, errorClass).value++;
  }

  waited(errorClass: ErrorClass, seconds: number): void {
    this.ofClass(this.tables.backoff, errorClass).value += seconds;
  }

  /** Attributes of a successful call's duration sample. */
  get successAttributes(): Readonly<EmittedAttributes> {
    return (this.successDuration ??= this.duration('success', undefined, undefined)).attributes;
  }

  durationAttributes(outcome: OutcomeKind, stopReason: StopReason, errorType: string | undefined): Readonly<EmittedAttributes> {
    return this.duration(outcome, stopReason, errorType === undefined ? undefined : this.tables.durationTypes.bound(errorType)).attributes;
  }

  attemptDurationAttributes(errorClass: ErrorClass | undefined): Readonly<EmittedAttributes> {
    return this.ofClass(this.tables.attemptDurations, errorClass).attributes;
  }

  private event(event: EventName, facts: EventFacts): Row {
    const { errorClass, cause, stopReason, circuitState, observeOnly } = facts;
    const errorType = facts.errorType === undefined ? undefined : this.typeOf(this.tables.eventTypes.bound(facts.errorType));
    const key = `${event}|${errorClass}|${errorType}|${cause}|${stopReason}|${circuitState}|${observeOnly}`;
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const attributes = this.identity();
    attributes[ATTR_REDRESS_EVENT] = event;
    if (errorClass !== undefined) attributes[ATTR_ERROR_CLASS] = errorClass;
    if (errorType !== undefined) attributes[ATTR_ERROR_TYPE] = errorType;
    if (cause !== undefined) attributes[ATTR_REDRESS_CAUSE] = cause;
    if (stopReason !== undefined) attributes[ATTR_REDRESS_STOP_REASON] = stopReason;
    if (circuitState !== undefined) attributes[ATTR_CIRCUIT_STATE] = circuitState;
    if (observeOnly === true) attributes[ATTR_REDRESS_OBSERVE_ONLY] = true;
    return this.keep(key, this.tables.add(this.tables.events, attributes, this.detail) ?? this.next().event(event, facts));
  }

  private numbered(table: RowTable, number: number, errorClass?: ErrorClass): Row {
    // Amplification is read from attempt 1, so that number is kept in the coarsest rows too.
    const shown = this.detail === 'nothing' && number !== 1 ? OTHER : number;
    const key = `${table.name}|${shown}|${errorClass}`;
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const attributes = this.identity();
    attributes[ATTR_RETRY_ATTEMPT] = shown;
    if (errorClass !== undefined) attributes[ATTR_ERROR_CLASS] = errorClass;
    return this.keep(key, this.tables.add(table, attributes, this.detail) ?? this.next().numbered(table, number, errorClass));
  }

  private ofClass(table: RowTable, errorClass: ErrorClass | undefined): Row {
    const key = `${table.name}|${errorClass}`;
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const attributes = this.identity();
    if (errorClass !== undefined) attributes[ATTR_ERROR_CLASS] = errorClass;
    return this.keep(key, this.tables.add(table, attributes, this.detail) ?? this.next().ofClass(table, errorClass));
  }

  private duration(outcome: OutcomeKind, stopReason: StopReason | undefined, boundedType: string | undefined): Row {
    const errorType = boundedType === undefined ? undefined : this.typeOf(boundedType);
    const key = `duration|${outcome}|${stopReason}|${errorType}`;
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const attributes = this.identity();
    attributes[ATTR_REDRESS_OUTCOME] = outcome;
    if (stopReason !== undefined) attributes[ATTR_REDRESS_STOP_REASON] = stopReason;
    if (errorType !== undefined) attributes[ATTR_ERROR_TYPE] = errorType;
    return this.keep(
      key,
      this.tables.add(this.tables.durations, attributes, this.detail) ?? this.next().duration(outcome, stopReason, boundedType),
    );
  }

  private identity(): EmittedAttributes {
    return { [ATTR_REDRESS_POLICY]: this.policy, [ATTR_OPERATION]: this.operation };
  }

  private typeOf(errorType: string): string {
    return this.detail === 'operation' ? errorType : OTHER;
  }

  private keep(key: string, row: Row): Row {
    this.rows.set(key, row);
    return row;
  }

  private next(): OperationCounters {
    return this.coarser ?? this;
  }
}
