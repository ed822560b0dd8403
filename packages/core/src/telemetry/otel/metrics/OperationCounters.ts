import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import type { ErrorClass } from '../../../model/ErrorClass.js';
import type { EventName } from '../../../model/EventName.js';
import {
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_OPERATION,
  ATTR_REDRESS_EVENT,
  ATTR_REDRESS_OUTCOME,
  ATTR_RETRY_ATTEMPT,
} from '../../port/semconv.js';
import type { CounterRows, Detail, Row } from './CounterRows.js';
import { OTHER } from './other.js';

/** The tables that the counters of an operation have rows in. Apart from the one class that has them, so that the two files make no circle. */
export interface Tables {
  readonly events: CounterRows;
  readonly attempts: CounterRows;
  readonly retries: CounterRows;
  readonly rescues: CounterRows;
  readonly backoff: CounterRows;
  readonly durations: CounterRows;
  readonly attemptDurations: CounterRows;
  /** A new row; undefined, and told, when the table has no room for one of that detail. */
  add(table: CounterRows, attributes: EmittedAttributes, detail: Detail): Row | undefined;
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
    private readonly tables: Tables,
    /** `redress.policy`, and `redress.library` where there is one. */
    private readonly owner: Readonly<EmittedAttributes>,
    private readonly operation: string,
    private readonly detail: Detail,
    private readonly coarser: OperationCounters | undefined,
  ) {}

  attempt(number: number): void {
    const { attempts } = this.tables;
    const row = number === 1 ? (this.firstAttempt ??= this.row(attempts, { [ATTR_RETRY_ATTEMPT]: 1 })) : this.numbered(attempts, number);
    row.value++;
  }

  success(attempt: number): void {
    const row = (this.successes ??= this.row(this.tables.events, { [ATTR_REDRESS_EVENT]: 'success' }));
    row.value++;
    if (attempt > 1) this.numbered(this.tables.rescues, attempt).value++;
  }

  /** Counts an event by those of its facts that the registry gives `redress.events`. */
  tell(event: EventName, facts: Readonly<EmittedAttributes> | undefined): void {
    this.row(this.tables.events, { ...facts, [ATTR_REDRESS_EVENT]: event }).value++;
  }

  retry(errorClass: ErrorClass, nextAttempt: number): void {
    this.row(this.tables.retries, { [ATTR_RETRY_ATTEMPT]: nextAttempt, [ATTR_ERROR_CLASS]: errorClass }).value++;
  }

  waited(errorClass: ErrorClass, seconds: number): void {
    this.row(this.tables.backoff, { [ATTR_ERROR_CLASS]: errorClass }).value += seconds;
  }

  /** Attributes of a successful call's duration sample. */
  get successAttributes(): Readonly<EmittedAttributes> {
    return (this.successDuration ??= this.row(this.tables.durations, { [ATTR_REDRESS_OUTCOME]: 'success' })).attributes;
  }

  /** Attributes of another call's duration sample: of these, what the registry gives the histogram. */
  durationAttributes(facts: Readonly<EmittedAttributes>): Readonly<EmittedAttributes> {
    return this.row(this.tables.durations, facts).attributes;
  }

  attemptDurationAttributes(errorClass: ErrorClass | undefined): Readonly<EmittedAttributes> {
    return this.row(this.tables.attemptDurations, errorClass === undefined ? {} : { [ATTR_ERROR_CLASS]: errorClass }).attributes;
  }

  private numbered(table: CounterRows, attempt: number): Row {
    return this.row(table, { [ATTR_RETRY_ATTEMPT]: attempt });
  }

  /** The row of these facts, as far as the metric carries them. */
  private row(table: CounterRows, facts: Readonly<EmittedAttributes>): Row {
    const shown: EmittedAttributes = {};
    let key = table.metric.name;
    for (const attribute of table.metric.attributes) {
      const value = facts[attribute];
      if (value !== undefined) shown[attribute] = this.shown(attribute, table.bounded(attribute, value));
      key += `|${String(shown[attribute])}`;
    }
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const row = this.tables.add(table, this.attributes(shown), this.detail) ?? this.coarser?.row(table, facts);
    // The coarsest rows are always granted.
    if (row === undefined) throw new RangeError(`no room for a row of ${table.metric.name}`);
    this.rows.set(key, row);
    return row;
  }

  /** What is left of a value in the coarser rows. Amplification is read from attempt 1, so that number is kept in the coarsest too. */
  private shown(attribute: string, value: string | number | boolean): string | number | boolean {
    if (attribute === ATTR_ERROR_TYPE && this.detail !== 'operation') return OTHER;
    return attribute === ATTR_RETRY_ATTEMPT && this.detail === 'nothing' && value !== 1 ? OTHER : value;
  }

  /** In the order of their names: the SDK sorts them at every record, and then has less to do. */
  private attributes(shown: EmittedAttributes): EmittedAttributes {
    const all = Object.entries({ ...this.owner, [ATTR_OPERATION]: this.operation, ...shown });
    return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
