import { OTHER } from './other.js';

/** Lets the first so many distinct values of an attribute through; any later one becomes `_other`. */
export class BoundedValues {
  private readonly seen = new Set<string>();

  constructor(
    private readonly max: () => number,
    private readonly onFull: () => void,
  ) {}

  bound(value: string): string {
    if (this.seen.has(value)) return value;
    if (this.seen.size < this.max()) {
      this.seen.add(value);
      return value;
    }
    this.onFull();
    return OTHER;
  }
}
