import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import {
  ATTR_REDRESS_LIBRARY,
  ATTR_REDRESS_POLICY,
  METRIC_REDRESS_ATTEMPTS,
  METRIC_REDRESS_ATTEMPT_DURATION,
  METRIC_REDRESS_BACKOFF_TIME,
  METRIC_REDRESS_EVENTS,
  METRIC_REDRESS_RETRIES,
  METRIC_REDRESS_RETRY_DURATION,
  METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES,
  METRIC_REDRESS_WASTED_TIME,
  type MetricDefinition,
} from '../../port/semconv.js';
import type { Limits } from '../config.js';
import type { Diagnostics } from '../Diagnostics.js';
import { CounterRows, type Detail, type Row } from './CounterRows.js';
import { OperationCounters, type Tables } from './OperationCounters.js';
import { OTHER, REMEDY } from './other.js';

const REST = { [ATTR_REDRESS_POLICY]: OTHER };

/** Everything counted for one meter provider. */
export class Counters implements Tables {
  readonly events = this.table(METRIC_REDRESS_EVENTS);
  readonly attempts = this.table(METRIC_REDRESS_ATTEMPTS);
  readonly retries = this.table(METRIC_REDRESS_RETRIES);
  readonly rescues = this.table(METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES);
  readonly backoff = this.table(METRIC_REDRESS_BACKOFF_TIME);
  readonly wasted = this.table(METRIC_REDRESS_WASTED_TIME);
  readonly durations = this.table(METRIC_REDRESS_RETRY_DURATION);
  readonly attemptDurations = this.table(METRIC_REDRESS_ATTEMPT_DURATION);
  /** Those whose numbers are read at collection. */
  readonly observed = [this.events, this.attempts, this.retries, this.rescues, this.backoff, this.wasted];

  private readonly byOwner = new Map<string, Map<string, OperationCounters>>();
  private readonly ownerOthers = new Map<string, OperationCounters>();
  private readonly policies = new Map<string, OperationCounters>();
  private readonly restOfPolicies = new OperationCounters(this, REST, undefined, 'nothing', undefined, undefined);
  private readonly rest = new OperationCounters(this, REST, OTHER, 'nothing', undefined, this.restOfPolicies);
  private operations = 0;

  constructor(
    private readonly limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {}

  /** The counters of a policy's operation; those of its `_other` once there are too many. Nothing is kept for an operation past the bound. */
  of(owner: Readonly<EmittedAttributes>, operation: string): OperationCounters {
    if (owner[ATTR_REDRESS_POLICY] === OTHER) return this.rest;
    if (operation === OTHER) return this.ownerOther(owner);
    const key = keyOf(owner);
    const known = this.byOwner.get(key)?.get(operation);
    if (known !== undefined) return known;
    if (this.operations >= this.limits.maxOperations) {
      this.diagnostics.warnOnce(
        `more than ${this.limits.maxOperations} operations (maxOperations): metrics of the rest are summed into operation ${OTHER}`,
      );
      return this.ownerOther(owner);
    }
    const counters = new OperationCounters(this, owner, operation, 'operation', this.ownerOther(owner), this.ofPolicy(owner));
    const operations = this.byOwner.get(key);
    if (operations === undefined) this.byOwner.set(key, new Map([[operation, counters]]));
    else operations.set(operation, counters);
    this.operations++;
    return counters;
  }

  add(table: CounterRows, attributes: EmittedAttributes, detail: Detail): Row | undefined {
    const row = table.add(attributes, detail);
    if (row === undefined)
      this.diagnostics.warnOnce(
        `more than ${this.limits.maxRows} rows of ${table.metric.name}: the rest is summed into ${OTHER}; ${REMEDY}`,
      );
    return row;
  }

  private table(metric: MetricDefinition): CounterRows {
    return new CounterRows(
      metric,
      () => this.limits.maxRows,
      (message) => this.diagnostics.warnOnce(message),
    );
  }

  /** Those of a policy, whatever the operation. */
  private ofPolicy(owner: Readonly<EmittedAttributes>): OperationCounters {
    const key = keyOf(owner);
    const known = this.policies.get(key);
    if (known !== undefined) return known;
    if (this.policies.size >= this.limits.maxOperations) return this.restOfPolicies;
    const counters = new OperationCounters(this, owner, undefined, 'policy', this.restOfPolicies, undefined);
    this.policies.set(key, counters);
    return counters;
  }

  private ownerOther(owner: Readonly<EmittedAttributes>): OperationCounters {
    const key = keyOf(owner);
    const known = this.ownerOthers.get(key);
    if (known !== undefined) return known;
    if (this.ownerOthers.size >= this.limits.maxOperations) return this.rest;
    const counters = new OperationCounters(this, owner, OTHER, 'policy', this.rest, this.ofPolicy(owner));
    this.ownerOthers.set(key, counters);
    return counters;
  }
}

function keyOf(owner: Readonly<EmittedAttributes>): string {
  return JSON.stringify([owner[ATTR_REDRESS_POLICY], owner[ATTR_REDRESS_LIBRARY]]);
}
