import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import { MERGES } from '../../port/merges.js';
import type { MetricDefinition } from '../../port/semconv.js';
import type { GaugeSource } from '../../port/Telemetry.js';

/** Takes what is read; the observable instruments of a meter provider, in production. */
export type Observe = (metric: MetricDefinition, value: number, attributes: Readonly<EmittedAttributes>) => void;

/** A source under its name. */
export interface Owner {
  readonly name: string;
  readonly source: GaugeSource;
}

/** What an owner counted of one row. */
export interface Counted {
  readonly metric: MetricDefinition;
  readonly detail: string | undefined;
  readonly value: number;
}

interface Row {
  readonly metric: MetricDefinition;
  readonly detail: string | undefined;
  readonly attributes: Readonly<EmittedAttributes>;
  /** Of this collection; undefined before anybody gave one. */
  value: number | undefined;
  /** What owners counted that are gone: a counter must not fall when a circuit goes. */
  counted: number;
  /** The last that was shown: nor may a counter fall when its source throws. */
  shown: number;
}

/**
 * The rows of one name, whoever owns it now; or those of `_other`. They outlive their owners, since the SDK exports for ever what was
 * observed once: without an owner a gauge reads 0, and a counter what it had.
 */
export class GaugeSeries {
  /** By the metric's name, since another copy of core has definitions of its own. */
  private readonly rows = new Map<string, Map<string | undefined, Row>>();
  private readonly owners = new Set<Owner>();
  /** By name the latest owner, from which alone is read what is not summed among owners of one name. */
  private readonly latest = new Map<string, Owner>();
  /** Whether a collection had it: then it is exported for ever. */
  private seen = false;

  constructor(
    private readonly identity: Readonly<EmittedAttributes>,
    /** Whether its owners have the same name, or are what is left of many. */
    private readonly among: 'same' | 'other',
    private readonly threw: (error: unknown) => void,
  ) {}

  /** Nobody has it, and nobody saw it. */
  get forsaken(): boolean {
    return this.owners.size === 0 && !this.seen;
  }

  /** Its owners that are in need of a name. */
  *inNeed(): Iterable<Owner> {
    for (const owner of this.owners) if (this.isInNeed(owner)) yield owner;
  }

  /**
   * A later owner of a name takes over what only rises; what an earlier one had counted stays. What `elsewhere` it counted is not
   * counted again.
   */
  add(owner: Owner, elsewhere: readonly Counted[] = []): void {
    for (const earlier of this.owners) {
      if (earlier.name === owner.name && this.countsOf(earlier).length > 0) this.owners.delete(earlier);
    }
    this.owners.add(owner);
    this.latest.set(owner.name, owner);
    for (const { metric, detail, value } of elsewhere) this.row(metric, detail).counted -= value;
  }

  /** What owners counted that are gone: it goes with them when their name is given to another. */
  get left(): readonly Counted[] {
    return [...this.each()].map(({ metric, detail, counted }) => ({ metric, detail, value: counted })).filter(({ value }) => value !== 0);
  }

  /** Takes over what owners of another series counted. */
  inherit(counts: readonly Counted[]): void {
    for (const { metric, detail, value } of counts) this.row(metric, detail).counted += value;
  }

  /** What it counted, which stays here. */
  remove(owner: Owner): readonly Counted[] {
    if (this.latest.get(owner.name) === owner) this.latest.delete(owner.name);
    return this.owners.delete(owner) ? this.countsOf(owner) : [];
  }

  observe(observe: Observe): void {
    this.seen = true;
    for (const row of this.each()) row.value = undefined;
    for (const owner of this.owners) {
      const isLatest = this.latest.get(owner.name) === owner;
      this.read(owner, (row, value) => {
        const { same = 'last', other = 'last' } = row.metric.merge ?? {};
        if (same === 'last' && !isLatest) return;
        row.value = row.value === undefined ? value : MERGES[this.among === 'same' ? same : other](row.value, value);
      });
    }
    for (const row of this.each()) {
      const value = (row.value ?? 0) + row.counted;
      row.shown = row.metric.instrument === 'counter' ? Math.max(row.shown, value) : value;
      observe(row.metric, row.shown, row.attributes);
    }
  }

  /** Keeps what an owner that goes has counted, and tells it; nothing when it does not count at all. */
  private countsOf(owner: Owner): readonly Counted[] {
    const counts: Counted[] = [];
    this.read(owner, (row, value) => {
      if (row.metric.instrument !== 'counter') return;
      counts.push({ metric: row.metric, detail: row.detail, value });
      row.counted += value;
    });
    return counts;
  }

  private isInNeed({ source }: Owner): boolean {
    try {
      return source.inNeed?.() === true;
    } catch (error) {
      this.threw(error);
      return false;
    }
  }

  private read({ source }: Owner, take: (row: Row, value: number) => void): void {
    try {
      source.observe({
        // What is no number is no reading; a metric that never had one has no row.
        observe: (metric, value, detail) => Number.isFinite(value) && take(this.row(metric, detail), value),
      });
    } catch (error) {
      this.threw(error);
    }
  }

  private row(metric: MetricDefinition, detail: string | undefined): Row {
    let rows = this.rows.get(metric.name);
    if (rows === undefined) {
      rows = new Map();
      this.rows.set(metric.name, rows);
    }
    let row = rows.get(detail);
    if (row === undefined) {
      row = { metric, detail, attributes: this.attributesOf(metric, detail), value: undefined, counted: 0, shown: 0 };
      rows.set(detail, row);
    }
    return row;
  }

  private attributesOf(metric: MetricDefinition, detail: string | undefined): Readonly<EmittedAttributes> {
    const other = metric.attributes.find((attribute) => this.identity[attribute] === undefined);
    return Object.freeze(detail === undefined || other === undefined ? { ...this.identity } : { ...this.identity, [other]: detail });
  }

  private *each(): Iterable<Row> {
    for (const rows of this.rows.values()) yield* rows.values();
  }
}
