import type { ErrorClass } from '../../../model/ErrorClass.js';
import type { Rules } from '../../../model/rules.js';

/** Why a closed circuit opened, as telemetry says it: `redress.circuit.trip_reason`, whose values the registry lists. */
export type TripReason = string;

/** The reason of a circuit that opened on slow calls, for which no failure is to blame. */
export const SLOW_CALLS = 'slow_call_ratio';

/** What a window counted, as shares in [0, 1]. */
export interface WindowShares {
  readonly calls: number;
  readonly failureRatio: number;
  readonly slowCallRatio: number;
}

/** Counts the calls of a closed circuit and says when it is to open; knows nothing of states. */
export interface Trip {
  /** A call that counts as a success; it may be the one that fills the window, or a slow one too many. */
  succeed(nowMs: number, durationMs: number): TripReason | undefined;
  /** A call that counts as a failure. */
  fail(nowMs: number, durationMs: number, errorClass: ErrorClass): TripReason | undefined;
  /** Whether it counts failures (or slow calls) now: without any it is as good as one made anew. Of a trip that cannot say, a key is never forgotten. */
  hasTrouble?(nowMs: number): boolean;
  /** In [0, 1]; NaN when too few calls are counted to say, or when no rate is. */
  failureRate(nowMs: number): number;
  /** What the window holds; undefined when it holds no call; none for a trip that counts failures alone. */
  window?(nowMs: number): WindowShares | undefined;
  /** Starts counting anew. */
  clear(nowMs: number): void;
}

/** A trip, checked and its defaults filled in. */
export interface TripSettings {
  /** Classes that trip even where `tripOn` leaves them out. */
  readonly classes: readonly ErrorClass[];
  /** Milliseconds from which a call is slow. Default: none is. */
  readonly slowCallMs?: number | undefined;
  make(nowMs: number): Trip;
}

/** One way to trip: what its options may be, and what is made of them. */
export interface TripKind<Options extends { readonly type: string }> {
  readonly type: Options['type'];
  /** Of its options but `type`. */
  readonly rules: Rules;
  /** `options` keep the rules. Throws a TypeError, made with `wrong`, for what rules of one option alone cannot say. */
  resolve(where: string, options: Options): TripSettings;
}
