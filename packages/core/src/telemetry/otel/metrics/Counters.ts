import type { Diagnostics } from '../Diagnostics.js';
import { BoundedValues } from './BoundedValues.js';
import { OperationCounters } from './OperationCounters.js';
import { type Detail, type EmittedAttributes, OTHER, type Row, RowTable } from './CounterRows.js';
import type { Limits } from '../ResolvedConfig.js';
import {
  METRIC_REDRESS_ATTEMPTS,
  METRIC_REDRESS_ATTEMPT_DURATION,
  METRIC_REDRESS_BACKOFF_TIME,
  METRIC_REDRESS_EVENTS,
  METRIC_REDRESS_RETRIES,
  METRIC_REDRESS_RETRY_DURATION,
  METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES,
} from '../../semconv.js';

const MAX_ERROR_TYPES = 50;

/** Everything counted for one meter provider. Histograms have tables too: theirs hold the attribute sets and no numbers. */
export class MetricTables {
  readonly events: RowTable;
  readonly attempts: RowTable;
  readonly retries: RowTable;
  readonly rescues: RowTable;
  readonly backoff: RowTable;
  readonly durations: RowTable;
  readonly attemptDurations: RowTable;
  readonly eventTypes: BoundedValues;
  readonly durationTypes: BoundedValues;

  private readonly byPolicy = new Map<string, Map<string, OperationCounters>>();
  private readonly policyOthers = new Map<string, OperationCounters>();
  private readonly rest = new OperationCounters(this, OTHER, OTHER, 'nothing', undefined);
  private operations = 0;

  constructor(
    private readonly limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {
    const maxRows = () => limits.maxRows;
    this.events = new RowTable(METRIC_REDRESS_EVENTS.name, maxRows);
    this.attempts = new RowTable(METRIC_REDRESS_ATTEMPTS.name, maxRows);
    this.retries = new RowTable(METRIC_REDRESS_RETRIES.name, maxRows);
    this.rescues = new RowTable(METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES.name, maxRows);
    this.backoff = new RowTable(METRIC_REDRESS_BACKOFF_TIME.name, maxRows);
    this.durations = new RowTable(METRIC_REDRESS_RETRY_DURATION.name, maxRows);
    this.attemptDurations = new RowTable(METRIC_REDRESS_ATTEMPT_DURATION.name, maxRows);
    const full = (metric: string) => () =>
      diagnostics.warnOnce(`more than ${MAX_ERROR_TYPES} values of error.type in ${metric}: the rest counts as ${OTHER}`);
    this.eventTypes = new BoundedValues(MAX_ERROR_TYPES, full(this.events.name));
    this.durationTypes = new BoundedValues(MAX_ERROR_TYPES, full(this.durations.name));
  }

  /** The counters of a policy's operation; those of its `_other` once there are too many. Nothing is kept for an operation past the bound. */
  counters(policy: string, operation: string): OperationCounters {
    if (policy === OTHER) return this.rest;
    if (operation === OTHER) return this.policyOther(policy);
    const known = this.byPolicy.get(policy)?.get(operation);
    if (known !== undefined) return known;
    if (this.operations >= this.limits.maxOperations) {
      this.diagnostics.warnOnce(
        `more than ${this.limits.maxOperations} operations (maxOperations): metrics of the rest are summed into operation ${OTHER}`,
      );
      return this.policyOther(policy);
    }
    const counters = new OperationCounters(this, policy, operation, 'operation', this.policyOther(policy));
    const operations = this.byPolicy.get(policy);
    if (operations === undefined) this.byPolicy.set(policy, new Map([[operation, counters]]));
    else operations.set(operation, counters);
    this.operations++;
    return counters;
  }

  add(table: RowTable, attributes: EmittedAttributes, detail: Detail): Row | undefined {
    const row = table.add(attributes, detail);
    if (row === undefined)
      this.diagnostics.warnOnce(`more than ${this.limits.maxRows} rows of ${table.name} (maxRows): the rest is summed into ${OTHER}`);
    return row;
  }

  private policyOther(policy: string): OperationCounters {
    const known = this.policyOthers.get(policy);
    if (known !== undefined) return known;
    if (this.policyOthers.size >= this.limits.maxOperations) return this.rest;
    const counters = new OperationCounters(this, policy, OTHER, 'policy', this.rest);
    this.policyOthers.set(policy, counters);
    return counters;
  }
}
