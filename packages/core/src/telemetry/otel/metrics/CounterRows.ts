import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import { ATTR_CIRCUIT_NAME, ATTR_ERROR_TYPE, type MetricDefinition } from '../../port/semconv.js';
import { properName } from '../../../model/properName.js';
import { BoundedValues } from './BoundedValues.js';
import { OTHER, REMEDY } from './other.js';

/** One series of a counter: core bumps the number, the SDK reads it at collection. */
export interface Row {
  /** Made once and frozen, because the SDK keeps this object as its key. */
  readonly attributes: Readonly<EmittedAttributes>;
  value: number;
}

/**
 * How much of a row's identity is kept: an operation of its own, a policy's `_other`, or `_other` of everything.
 * The last is always granted, and there are few of it, since nothing a user names is left in it.
 */
export type Detail = 'operation' | 'policy' | 'nothing';

const MAX_ERROR_TYPES = 50;

/** As many as have gauges of their own. */
const circuitNames = (maxRows: () => number) => (): number => Math.floor(maxRows() / 4) - 1;

/**
 * The rows of one metric, bounded so that they stay below the SDK's limit of series, past which it loses counts. Those of a histogram hold
 * its attribute sets and no numbers.
 */
export class CounterRows {
  readonly rows: Row[] = [];
  private readonly errorTypes: BoundedValues;
  private readonly circuits: BoundedValues;
  private readonly circuitsOfKeys: BoundedValues;
  private zeros = 0;

  constructor(
    readonly metric: MetricDefinition,
    private readonly maxRows: () => number,
    warnOnce: (message: string) => void,
  ) {
    this.errorTypes = new BoundedValues(
      () => MAX_ERROR_TYPES,
      () => warnOnce(`more than ${MAX_ERROR_TYPES} values of ${ATTR_ERROR_TYPE} in ${metric.name}: the rest counts as ${OTHER}`),
    );
    this.circuits = new BoundedValues(circuitNames(maxRows), () =>
      warnOnce(`more than ${circuitNames(maxRows)()} circuits in ${metric.name}: the rest counts as ${OTHER}; ${REMEDY}`),
    );
    this.circuitsOfKeys = new BoundedValues(
      () => Math.floor(circuitNames(maxRows)() / 3),
      () => warnOnce(`more circuits of keys than a third of the names in ${metric.name}: the rest counts as ${OTHER}; ${REMEDY}`),
    );
  }

  /** The name of a key's circuit, as it may be shown: of these there may be a hundred thousand, so that they have a third of the names. */
  boundedOfKey(circuit: string): string {
    return this.circuitsOfKeys.bound(properName(circuit));
  }

  /** A value of one of the metric's attributes, as it may be shown. */
  bounded(attribute: string, value: string | number | boolean): string | number | boolean {
    if (attribute === ATTR_CIRCUIT_NAME) return this.circuits.bound(properName(String(value)));
    return attribute === ATTR_ERROR_TYPE ? this.errorTypes.bound(properName(String(value))) : value;
  }

  /** A new row, or undefined when there is no room for one of that detail. A tenth above the bound is left for policies' `_other`. */
  add(attributes: EmittedAttributes, detail: Detail): Row | undefined {
    const taken = this.rows.length;
    if (detail === 'operation' && taken >= this.maxRows()) return undefined;
    if (detail === 'policy' && taken >= this.maxRows() * 1.1) return undefined;
    const row = { attributes: Object.freeze(attributes), value: 0 };
    this.rows.push(row);
    return row;
  }

  /** Whether rows of what has not happened yet have not taken a quarter of all. */
  get hasRoomForZero(): boolean {
    return this.zeros < Math.floor(this.maxRows() / 4) && this.rows.length < this.maxRows();
  }

  /** A row of what has not happened yet, where there is room for one. */
  addZero(attributes: EmittedAttributes): Row | undefined {
    const row = this.add(attributes, 'operation');
    if (row !== undefined) this.zeros++;
    return row;
  }
}
