import type { CallWindow } from './CallWindow.js';

const FAILED = 1;
const SLOW = 2;

/** The last `size` calls, whenever they were; one byte each. */
export class CountWindow implements CallWindow {
  calls = 0;
  failures = 0;
  slow = 0;
  readonly #size: number;
  /** A DataView, as it reads numbers where an array reads number or undefined. */
  readonly #ring: DataView;
  #next = 0;

  constructor(size: number) {
    this.#size = size;
    this.#ring = new DataView(new ArrayBuffer(size));
  }

  record(_nowMs: number, failed: 0 | 1, slow: 0 | 1): void {
    const next = this.#next;
    if (this.calls === this.#size) {
      const oldest = this.#ring.getUint8(next);
      this.failures -= oldest & FAILED;
      this.slow -= (oldest & SLOW) / SLOW;
    } else {
      this.calls += 1;
    }
    this.#ring.setUint8(next, failed * FAILED + slow * SLOW);
    this.failures += failed;
    this.slow += slow;
    this.#next = next + 1 === this.#size ? 0 : next + 1;
  }

  /** Time takes nothing out of this window. */
  forget(): void {}

  clear(): void {
    this.calls = 0;
    this.failures = 0;
    this.slow = 0;
  }
}
