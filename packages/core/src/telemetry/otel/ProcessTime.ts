/** Seconds and nanoseconds since 1970, as OpenTelemetry takes a time. */
export type HrTime = [seconds: number, nanoseconds: number];

/** Milliseconds between this clock and the wall clock that count as none: what comes between two readings, and a step of the network's time. */
const DRIFT_MS = 2;

/**
 * The time of all that is told, in whole microseconds since 1970: the monotonic clock of the process, from a point that
 * is found on the wall clock. The wall clock alone has whole milliseconds, in which the order of two events is lost; and where it is set,
 * or the machine has slept, the point is found anew.
 */
export class ProcessTime {
  /** Milliseconds since 1970 at the monotonic clock's 0. */
  private originMs = Number.NaN;

  constructor(
    private readonly monotonicMs: () => number = () => performance.now(),
    /** In whole milliseconds. */
    private readonly wallMs: () => number = () => Date.now(),
    /** Where the monotonic clock began, as exact as the platform knows it. */
    private readonly platformOriginMs: number = performance.timeOrigin,
  ) {}

  now(): number {
    const nowMs = this.originMs + this.monotonicMs();
    // How far the wall clock is ahead; less than a millisecond behind is what its whole milliseconds leave out.
    const aheadMs = this.wallMs() - nowMs;
    return Math.round((aheadMs <= DRIFT_MS && aheadMs >= -1 - DRIFT_MS ? nowMs : this.anchoredMs()) * 1_000);
  }

  /** Where it really drifted, and this process was not just stopped between its two readings. */
  private anchoredMs(): number {
    const beforeMs = this.monotonicMs();
    const wallMs = this.wallMs();
    const afterMs = this.monotonicMs();
    // The origin is in here, whatever came between the readings.
    const earliestMs = wallMs - afterMs;
    const within = (originMs: number): boolean => originMs >= earliestMs - DRIFT_MS && originMs < wallMs + 1 - beforeMs + DRIFT_MS;
    if (!within(this.originMs)) this.originMs = within(this.platformOriginMs) ? this.platformOriginMs : earliestMs;
    return this.originMs + afterMs;
  }
}

/** As OpenTelemetry takes it: of a number it would have to guess which clock it is of. */
export function hrTime(microseconds: number): HrTime {
  return [Math.floor(microseconds / 1e6), (microseconds % 1e6) * 1_000];
}

/** The beginning of that millisecond. */
export function wholeMs(microseconds: number): number {
  return microseconds - (microseconds % 1_000);
}
