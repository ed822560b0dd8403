import type { Diagnostics } from '../Diagnostics.js';
import type { PolicySources } from '../PolicyTelemetry.js';
import type { Limits } from '../ResolvedConfig.js';
import { type EmittedAttributes, OTHER } from './CounterRows.js';
import { ATTR_REDRESS_POLICY } from '../../semconv.js';

type FrozenAttributes = Readonly<EmittedAttributes>;

/** Takes what the board reads; the observable instruments of a meter provider, in production. */
export interface PolicyObserver {
  budget(retries: number, attributes: FrozenAttributes): void;
  abandoned(attempts: number, attributes: FrozenAttributes): void;
}

/** One policy's place on the board. */
export interface PolicyGauges {
  abandoned(delta: 1 | -1): void;
  dispose(): void;
}

interface Series {
  readonly attributes: FrozenAttributes;
  /** The policy that holds the name; the budget is read from it. */
  owner: PolicyPlace | undefined;
  hasBudget: boolean;
  abandoned: number;
}

class PolicyPlace implements PolicyGauges {
  private own = 0;
  private over = false;

  constructor(
    private readonly series: Series,
    readonly sources: PolicySources,
    private readonly onDispose: (place: PolicyPlace) => void,
  ) {}

  abandoned(delta: 1 | -1): void {
    if (this.over) return;
    this.own += delta;
    this.series.abandoned += delta;
  }

  dispose(): void {
    if (this.over) return;
    this.over = true;
    this.series.abandoned -= this.own;
    if (this.series.owner === this) this.series.owner = undefined;
    this.onDispose(this);
  }
}

/** Gauges of every policy of the process, one series per name; names past `maxRows` share `_other`. */
export class PolicyBoard {
  private readonly named = new Map<string, Series>();
  private readonly other = newSeries(OTHER);
  private readonly others = new Set<PolicyPlace>();
  private anyOther = false;

  constructor(
    private readonly limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {}

  add(name: string, sources: PolicySources): PolicyGauges {
    const series = this.seriesOf(name);
    const place = new PolicyPlace(series, sources, this.forget);
    if (sources.budget !== undefined) series.hasBudget = true;
    if (series === this.other) this.others.add(place);
    else series.owner = place;
    return place;
  }

  observe(observer: PolicyObserver): void {
    for (const series of this.named.values()) {
      observer.abandoned(series.abandoned, series.attributes);
      if (series.hasBudget) observer.budget(series.owner === undefined ? 0 : (this.budgetOf(series.owner) ?? 0), series.attributes);
    }
    if (!this.anyOther) return;
    observer.abandoned(this.other.abandoned, this.other.attributes);
    if (this.other.hasBudget) observer.budget(this.smallestOther(), this.other.attributes);
  }

  private readonly forget = (place: PolicyPlace): void => {
    this.others.delete(place);
  };

  private seriesOf(name: string): Series {
    const known = this.named.get(name);
    if (known !== undefined) return known;
    if (name !== OTHER && this.named.size < this.limits.maxRows - 1) {
      const series = newSeries(name);
      this.named.set(name, series);
      return series;
    }
    this.diagnostics.warnOnce(`more than ${this.named.size} policies (maxRows): gauges of the rest are shown under policy ${OTHER}`);
    this.anyOther = true;
    return this.other;
  }

  private smallestOther(): number {
    let smallest: number | undefined;
    for (const place of this.others) {
      const budget = this.budgetOf(place);
      if (budget !== undefined && (smallest === undefined || budget < smallest)) smallest = budget;
    }
    return smallest ?? 0;
  }

  private budgetOf(place: PolicyPlace): number | undefined {
    try {
      return place.sources.budget?.();
    } catch (error) {
      this.diagnostics.warnOnce('reading a retry budget threw', error);
      return undefined;
    }
  }
}

function newSeries(name: string): Series {
  return { attributes: Object.freeze({ [ATTR_REDRESS_POLICY]: name }), owner: undefined, hasBudget: false, abandoned: 0 };
}
