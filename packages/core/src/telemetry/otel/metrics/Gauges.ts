import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import type { GaugeKind, GaugePlace, GaugeSource } from '../../port/Telemetry.js';
import type { Limits } from '../config.js';
import type { Diagnostics } from '../Diagnostics.js';
import { GaugeSeries, type Observe, type Owner } from './GaugeSeries.js';
import { OTHER } from './other.js';

/** Everything in the process that has gauges: policies, circuits and whatever else has a name. */
export class Gauges {
  private readonly boards = new Map<string, Board>();

  constructor(
    private readonly limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {}

  /** Shows a source under a name, with `more` attributes beside it. */
  add(kind: GaugeKind, name: string, source: GaugeSource, more?: Readonly<EmittedAttributes>): GaugePlace {
    let board = this.boards.get(kind.attribute);
    if (board === undefined) {
      board = new Board(kind, this.limits, this.diagnostics);
      this.boards.set(kind.attribute, board);
    }
    return board.add({ name, source }, more);
  }

  observe(observe: Observe): void {
    for (const board of this.boards.values()) board.observe(observe);
  }
}

/** All sources of one kind: one series a name, and `_other` for the names past the bound. */
class Board {
  private readonly named = new Map<string, GaugeSeries>();
  private readonly other: GaugeSeries;

  constructor(
    private readonly kind: GaugeKind,
    private readonly limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {
    this.other = new GaugeSeries({ [kind.attribute]: OTHER }, 'other', this.threw);
  }

  add(owner: Owner, more: Readonly<EmittedAttributes> | undefined): GaugePlace {
    const series = this.seriesOf(owner.name, more);
    series.add(owner);
    return { dispose: () => series.remove(owner) };
  }

  observe(observe: Observe): void {
    for (const series of this.named.values()) series.observe(observe);
    this.other.observe(observe);
  }

  private seriesOf(name: string, more: Readonly<EmittedAttributes> | undefined): GaugeSeries {
    const key = JSON.stringify([name, more]);
    const known = this.named.get(key);
    if (known !== undefined) return known;
    const { attribute, plural, rowsEach } = this.kind;
    if (name !== OTHER && this.named.size < Math.floor(this.limits.maxRows / rowsEach) - 1) {
      const series = new GaugeSeries({ [attribute]: name, ...more }, 'same', this.threw);
      this.named.set(key, series);
      return series;
    }
    const bound = rowsEach === 1 ? 'maxRows' : `maxRows / ${rowsEach}`;
    this.diagnostics.warnOnce(
      `more than ${this.named.size} ${plural} (${bound}): gauges of the rest are merged into ${attribute} ${OTHER}`,
    );
    return this.other;
  }

  private readonly threw = (error: unknown): void => {
    this.diagnostics.warnOnce(`reading the gauges of ${this.kind.plural} threw`, error);
  };
}
