import { type CallWindow, LASTING_MS } from './CallWindow.js';

const FAILED = 1;
const SLOW = 2;

/** The last `size` calls, whenever they were; one byte each, once there is one among them that failed or was slow. */
export class CountWindow implements CallWindow {
  calls = 0;
  failures = 0;
  slow = 0;
  readonly #size: number;
  /** A DataView, as it reads numbers where an array reads number or undefined. None while all that is counted are quick successes. */
  #ring: DataView | undefined;
  #next = 0;
  /** When the last one failed or was slow. */
  #troubledMs: number | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  record(nowMs: number, failed: 0 | 1, slow: 0 | 1): void {
    const next = this.#next;
    const ring = this.#ringFor(failed | slow, nowMs);
    if (this.calls === this.#size) {
      const oldest = ring?.getUint8(next) ?? 0;
      this.failures -= oldest & FAILED;
      this.slow -= (oldest & SLOW) / SLOW;
    } else {
      this.calls += 1;
    }
    ring?.setUint8(next, failed * FAILED + slow * SLOW);
    this.failures += failed;
    this.slow += slow;
    this.#next = next + 1 === this.#size ? 0 : next + 1;
  }

  /** Made, of nothing but quick successes, for the first call that is none. */
  #ringFor(trouble: number, nowMs: number): DataView | undefined {
    if (trouble !== 0) {
      this.#troubledMs = nowMs;
      this.#ring ??= new DataView(new ArrayBuffer(this.#size));
    }
    return this.#ring;
  }

  /** Time takes nothing out of this window. */
  forget(): void {}

  hasTrouble(nowMs: number): boolean {
    return (this.failures > 0 || this.slow > 0) && this.#troubledMs !== undefined && nowMs - this.#troubledMs < LASTING_MS;
  }

  clear(): void {
    this.#ring = undefined;
    this.calls = 0;
    this.failures = 0;
    this.slow = 0;
  }
}
