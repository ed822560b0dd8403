import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import type { GaugeKind, GaugePlace, GaugeSource } from '../../port/Telemetry.js';
import type { Limits } from '../config.js';
import type { Diagnostics } from '../Diagnostics.js';
import { GaugeSeries, type Observe, type Owner } from './GaugeSeries.js';
import { OTHER, REMEDY } from './other.js';

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
    return board.add({ name, source }, more, kind.onlyInNeed === true);
  }

  observe(observe: Observe): void {
    for (const board of this.boards.values()) board.observe(observe);
  }
}

/** All sources of one kind: one series a name, and `_other` for the names past the bound. */
class Board {
  private readonly named = new Map<string, GaugeSeries>();
  private readonly other: GaugeSeries;
  /** What is shown beside the name, and where each source is that has any. */
  private readonly at = new Map<Owner, { series: GaugeSeries; readonly more: Readonly<EmittedAttributes> | undefined }>();
  /** Names whose owners are gone, and that no collection had: nobody exports them, so that others may have them. */
  private readonly forsaken = new Set<string>();
  /** Names that were kept back, and are given. */
  private given = 0;

  constructor(
    private readonly kind: GaugeKind,
    private readonly limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {
    this.other = new GaugeSeries({ [kind.attribute]: OTHER }, 'other', this.threw);
  }

  add(owner: Owner, more: Readonly<EmittedAttributes> | undefined, onlyInNeed: boolean): GaugePlace {
    const series = onlyInNeed ? (this.named.get(keyOf(owner.name, more)) ?? this.other) : this.seriesOf(owner.name, more);
    series.add(owner);
    this.at.set(owner, { series, more });
    return new NamedPlace(
      () => this.isNamed(owner),
      () => this.remove(owner),
    );
  }

  private isNamed(owner: Owner): boolean {
    const series = this.at.get(owner)?.series;
    return series !== undefined && series !== this.other;
  }

  observe(observe: Observe): void {
    this.nameThoseInNeed();
    this.forsaken.clear();
    for (const series of this.named.values()) series.observe(observe);
    this.other.observe(observe);
  }

  private remove(owner: Owner): void {
    const place = this.at.get(owner);
    if (place === undefined) return;
    this.at.delete(owner);
    place.series.remove(owner);
    if (place.series.forsaken) this.forsaken.add(keyOf(owner.name, place.more));
  }

  /** Such as a circuit that opened. What it counted so far stays in `_other`, so that no sum changes. */
  private nameThoseInNeed(): void {
    for (const owner of this.other.inNeed()) {
      const place = this.at.get(owner);
      if (place === undefined || owner.name === OTHER) continue;
      if (this.keptBack <= this.given) return this.tellFull(this.keptBack);
      const counted = this.other.remove(owner);
      const known = this.named.get(keyOf(owner.name, place.more));
      if (known === undefined) this.given++;
      place.series = known ?? this.makeNamed(owner.name, place.more);
      place.series.add(owner, counted);
    }
  }

  private get names(): number {
    return Math.floor(this.limits.maxRows / this.kind.rowsEach) - 1;
  }

  private get keptBack(): number {
    return Math.floor(this.names * (this.kind.keptBack ?? 0));
  }

  private seriesOf(name: string, more: Readonly<EmittedAttributes> | undefined): GaugeSeries {
    const known = this.named.get(keyOf(name, more));
    if (known !== undefined) return known;
    const free = this.names - this.keptBack;
    if (name !== OTHER && (this.named.size - this.given < free || this.takeBack())) return this.makeNamed(name, more);
    this.tellFull(free);
    return this.other;
  }

  private tellFull(names: number): void {
    const { attribute, plural } = this.kind;
    this.diagnostics.warnOnce(`more than ${names} ${plural}: gauges of the rest are merged into ${attribute} ${OTHER}; ${REMEDY}`);
  }

  /** Whether a name was given up, and is free now. What its owners counted goes to `_other`, so that no sum changes. */
  private takeBack(): boolean {
    for (const key of this.forsaken) {
      this.forsaken.delete(key);
      const series = this.named.get(key);
      if (series?.forsaken !== true) continue;
      this.other.inherit(series.left);
      return this.named.delete(key);
    }
    return false;
  }

  private makeNamed(name: string, more: Readonly<EmittedAttributes> | undefined): GaugeSeries {
    const series = new GaugeSeries({ [this.kind.attribute]: name, ...more }, 'same', this.threw);
    this.named.set(keyOf(name, more), series);
    return series;
  }

  private readonly threw = (error: unknown): void => {
    this.diagnostics.warnOnce(`reading the gauges of ${this.kind.plural} threw`, error);
  };
}

/** Where a source is shown. */
class NamedPlace implements GaugePlace {
  constructor(
    private readonly asked: () => boolean,
    readonly dispose: () => void,
  ) {}

  get isNamed(): boolean {
    return this.asked();
  }
}

function keyOf(name: string, more: Readonly<EmittedAttributes> | undefined): string {
  return JSON.stringify([name, more]);
}
