/** Attributes of what redress emits itself. */
export type EmittedAttributes = Record<string, string | number | boolean>;

/** One series of a counter: core bumps the number, the SDK reads it at collection. */
export interface Row {
  /** Made once and frozen, because the SDK keeps this object as its key. */
  readonly attributes: Readonly<EmittedAttributes>;
  value: number;
}

/** What stands for everything past a bound. */
export const OTHER = '_other';

/**
 * How much of a row's identity is kept: an operation of its own, a policy's `_other`, or `_other` of everything.
 * The last is always granted, and there are few of it, since nothing a user names is left in it.
 */
export type Detail = 'operation' | 'policy' | 'nothing';

/** The rows of one metric, bounded so that they stay below the SDK's limit of series, past which it loses counts. */
export class RowTable {
  readonly rows: Row[] = [];

  constructor(
    /** The metric's name. */
    readonly name: string,
    private readonly maxRows: () => number,
  ) {}

  /** A new row, or undefined when there is no room for one of that detail. A tenth above the bound is left for policies' `_other`. */
  add(attributes: EmittedAttributes, detail: Detail): Row | undefined {
    const taken = this.rows.length;
    if (detail === 'operation' && taken >= this.maxRows()) return undefined;
    if (detail === 'policy' && taken >= this.maxRows() * 1.1) return undefined;
    const row = { attributes: Object.freeze(attributes), value: 0 };
    this.rows.push(row);
    return row;
  }
}
