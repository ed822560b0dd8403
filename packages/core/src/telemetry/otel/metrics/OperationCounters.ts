import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import type { ErrorClass } from '../../../model/ErrorClass.js';
import type { EventName } from '../../../model/EventName.js';
import {
  ATTR_CIRCUIT_NAME,
  ATTR_CIRCUIT_STATE,
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_OPERATION,
  ATTR_REDRESS_CAUSE,
  ATTR_REDRESS_EVENT,
  ATTR_REDRESS_OBSERVE_ONLY,
  ATTR_REDRESS_OUTCOME,
  ATTR_REDRESS_STOP_REASON,
  ATTR_REDRESS_WASTE,
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
  readonly wasted: CounterRows;
  readonly durations: CounterRows;
  readonly attemptDurations: CounterRows;
  /** A new row; undefined, and told, when the table has no room for one of that detail. */
  add(table: CounterRows, attributes: EmittedAttributes, detail: Detail): Row | undefined;
}

/** What may happen to a policy's calls beside success: rare things have rows of 0 from the start, or `increase` would miss the first. */
export interface Expected {
  /** Names of its circuits, and whether each only observes. */
  readonly circuits: readonly (readonly [name: string, observeOnly: boolean])[];
  /** The classes that are retried, of retries that may run out. */
  readonly retried: readonly ErrorClass[];
}

/** Changes of a circuit's state: they are of no operation. */
const TRANSITIONS: ReadonlyMap<EventName, readonly string[]> = new Map([
  ['circuit_opened', ['open', 'forced_open']],
  ['circuit_half_open', ['half_open']],
  ['circuit_closed', ['closed']],
]);

/** Facts that are not counted, for rows of 0 could not be made of them before they are known. */
const NOT_COUNTED: Partial<Record<EventName, readonly string[]>> = {
  circuit_rejected: [ATTR_CIRCUIT_STATE],
  budget_exhausted: [ATTR_ERROR_TYPE, ATTR_REDRESS_CAUSE],
};

/**
 * The rows of one policy and operation in every table. What a success bumps is kept in fields, so that it costs no look-up.
 * When a table has no room, the row of the next coarser counters takes its place: a total is never lost.
 */
export class OperationCounters {
  private readonly rows = new Map<string, Row>();
  /** Of events that say no more than their name. */
  private readonly plain = new Map<EventName, Row>();
  private firstAttempt: Row | undefined;
  private successes: Row | undefined;
  private successDuration: Row | undefined;
  /** Of a policy's own: those of its first operation. */
  private first: OperationCounters | undefined;
  private retried: readonly ErrorClass[] = [];

  constructor(
    private readonly tables: Tables,
    /** `redress.policy`, and `redress.library` where there is one. */
    private readonly owner: Readonly<EmittedAttributes>,
    /** Undefined for what a policy has, whatever the operation. */
    private readonly operation: string | undefined,
    private readonly detail: Detail,
    private readonly coarser: OperationCounters | undefined,
    /** The policy's own; itself, when these are they. */
    private readonly ofPolicy: OperationCounters | undefined,
  ) {}

  expect({ circuits, retried }: Expected): void {
    const { events } = this.tables;
    this.retried = retried;
    // Of the policy's first operation at once. Of all the others they would take the place of each other.
    if (this.ofPolicy?.isFirst(this) === true) for (const errorClass of retried) this.zero(events, exhaustedBy(errorClass));
    for (const [circuit, observeOnly] of circuits) {
      for (const [event, states] of TRANSITIONS)
        for (const state of states)
          this.ofPolicy?.zero(events, { [ATTR_REDRESS_EVENT]: event, [ATTR_CIRCUIT_NAME]: circuit, [ATTR_CIRCUIT_STATE]: state });
      const end = observeOnly ? { [ATTR_REDRESS_OBSERVE_ONLY]: true } : { [ATTR_REDRESS_STOP_REASON]: 'CIRCUIT_OPEN' };
      this.zero(events, { [ATTR_REDRESS_EVENT]: 'circuit_rejected', [ATTR_CIRCUIT_NAME]: circuit, ...end });
    }
  }

  /** Whether these are the first counters of an operation that ask. */
  private isFirst(counters: OperationCounters): boolean {
    this.first ??= counters;
    return this.first === counters;
  }

  attempt(number: number): void {
    const { attempts, rescues } = this.tables;
    if (number === 1) {
      this.firstAttempt ??= this.row(attempts, { [ATTR_RETRY_ATTEMPT]: 1 });
      this.firstAttempt.value++;
    } else {
      const known = this.rows.size;
      this.numbered(attempts, number).value++;
      if (this.rows.size > known) this.zero(rescues, { [ATTR_RETRY_ATTEMPT]: number });
    }
  }

  success(attempt: number): void {
    const row = (this.successes ??= this.row(this.tables.events, { [ATTR_REDRESS_EVENT]: 'success' }));
    row.value++;
    if (attempt > 1) this.numbered(this.tables.rescues, attempt).value++;
  }

  /** A call had success by something that answered in the place of its function: no attempt rescued it. */
  answered(): void {
    this.success(1);
  }

  /** Counts an event, `ofKey` when it is one of a key, by those of its facts that the registry gives `redress.events`. */
  tell(event: EventName, facts: Readonly<EmittedAttributes> | undefined, ofKey: boolean): void {
    const plain = this.plain.get(event);
    if (plain !== undefined && !this.hasCounted(facts)) return void plain.value++;
    const counted: EmittedAttributes = { ...facts, [ATTR_REDRESS_EVENT]: event };
    const circuit = counted[ATTR_CIRCUIT_NAME];
    if (ofKey && circuit !== undefined) counted[ATTR_CIRCUIT_NAME] = this.tables.events.boundedOfKey(String(circuit));
    for (const fact of NOT_COUNTED[event] ?? []) delete counted[fact];
    const counters = TRANSITIONS.has(event) ? (this.ofPolicy ?? this) : this;
    const row = counters.row(this.tables.events, counted);
    row.value++;
    if (!this.hasCounted(facts)) this.plain.set(event, row);
  }

  private hasCounted(facts: Readonly<EmittedAttributes> | undefined): boolean {
    const { attributes } = this.tables.events.metric;
    for (const fact in facts) if (attributes.includes(fact)) return true;
    return false;
  }

  retry(errorClass: ErrorClass, nextAttempt: number): void {
    this.row(this.tables.retries, { [ATTR_RETRY_ATTEMPT]: nextAttempt, [ATTR_ERROR_CLASS]: errorClass }).value++;
    if (this.retried.includes(errorClass)) this.zero(this.tables.events, exhaustedBy(errorClass));
  }

  waited(errorClass: ErrorClass, seconds: number): void {
    this.row(this.tables.backoff, { [ATTR_ERROR_CLASS]: errorClass }).value += seconds;
  }

  /** So much time was worked in vain, in one of the ways of `redress.waste`. */
  wasted(waste: 'failed_attempt' | 'abandoned', errorClass: ErrorClass, seconds: number): void {
    this.row(this.tables.wasted, { [ATTR_ERROR_CLASS]: errorClass, [ATTR_REDRESS_WASTE]: waste }).value += seconds;
  }

  /** An attempt ran so long, and another one was quicker. */
  lost(seconds: number): void {
    this.row(this.tables.wasted, { [ATTR_REDRESS_WASTE]: 'hedge_lost' }).value += seconds;
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
    const [key, shown] = this.shownOf(table, facts);
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const row = this.tables.add(table, this.attributes(shown), this.detail) ?? this.coarser?.row(table, facts);
    // The coarsest rows are always granted.
    if (row === undefined) throw new RangeError(`no room for a row of ${table.metric.name}`);
    this.rows.set(key, row);
    return row;
  }

  /** A row that begins at 0, where there is room to spare. */
  private zero(table: CounterRows, facts: Readonly<EmittedAttributes>): void {
    // Before a name of the facts is spent on it.
    if ((this.detail !== 'operation' && this.operation !== undefined) || !table.hasRoomForZero) return;
    const [key, shown] = this.shownOf(table, facts);
    if (this.rows.has(key)) return;
    const row = table.addZero(this.attributes(shown));
    if (row !== undefined) this.rows.set(key, row);
  }

  private shownOf(table: CounterRows, facts: Readonly<EmittedAttributes>): readonly [key: string, shown: EmittedAttributes] {
    const shown: EmittedAttributes = {};
    let key = table.metric.name;
    for (const attribute of table.metric.attributes) {
      const value = facts[attribute];
      if (value !== undefined && (typeof value !== 'number' || Number.isFinite(value)))
        shown[attribute] = this.shown(attribute, table.bounded(attribute, value));
      key += `|${String(shown[attribute])}`;
    }
    return [key, shown];
  }

  /** What is left of a value in the coarser rows. Amplification is read from attempt 1, so that number is kept in the coarsest too. */
  private shown(attribute: string, value: string | number | boolean): string | number | boolean {
    if (attribute === ATTR_ERROR_TYPE && this.detail !== 'operation') return OTHER;
    if (attribute === ATTR_CIRCUIT_NAME && this.detail === 'nothing') return OTHER;
    return attribute === ATTR_RETRY_ATTEMPT && this.detail === 'nothing' && value !== 1 ? OTHER : value;
  }

  /** In the order of their names: the SDK sorts them at every record, and then has less to do. */
  private attributes(shown: EmittedAttributes): EmittedAttributes {
    const operation = this.operation === undefined ? undefined : { [ATTR_OPERATION]: this.operation };
    const all = Object.entries({ ...this.owner, ...operation, ...shown });
    return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function exhaustedBy(errorClass: ErrorClass): EmittedAttributes {
  return { [ATTR_REDRESS_EVENT]: 'budget_exhausted', [ATTR_REDRESS_STOP_REASON]: 'BUDGET_EXHAUSTED', [ATTR_ERROR_CLASS]: errorClass };
}
