import { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import type { BreakerLease } from './BreakerLease.js';
import type { BreakerTransition } from './BreakerTransition.js';
import { type GivenSettings, noChance, plain, settingsOf } from './fixtures/breakerSettings.js';
import type { CircuitState } from '../../model/CircuitState.js';

/*
 * Every order in which three calls can enter and settle, each with a success, a failure, an abort or never, with time passing
 * between; from a circuit that is closed, open, or half-open with a probe on its way. After each step the rules are asked.
 */

const CALLS = 3;
const STEP_MS = 50;
const ENDS = ['succeed', 'fail', 'release'] as const;

/** Opens for one step of time; a probe loses its place after two. */
const settings: GivenSettings = { ...plain, recovery: () => STEP_MS, maxProbeMs: 2 * STEP_MS };
const LEGAL: Readonly<Record<CircuitState, readonly CircuitState[]>> = {
  closed: ['open'],
  open: ['half_open'],
  half_open: ['open', 'closed'],
  forced_open: [],
};

type Move = 'enter' | 'time' | { readonly settle: number; readonly how: (typeof ENDS)[number] };

interface Holder {
  readonly lease: BreakerLease;
  /** Changes of state that were told when it entered, its own included. */
  readonly era: number;
  readonly enteredMs: number;
  settled: boolean;
}

/** One history: the engine, and what an onlooker who knows only leases and transitions makes of it. */
class History {
  readonly engine: CircuitBreakerEngine;
  readonly holders: Holder[] = [];
  readonly broken: string[] = [];
  nowMs = 0;
  era = 0;
  told: CircuitState = 'closed';
  entered = 0;
  refused = 0;
  closings = 0;
  /** Of probes, in this half-open time. */
  successes = 0;

  constructor(private readonly given: GivenSettings) {
    this.engine = new CircuitBreakerEngine(settingsOf(given), 0, noChance);
  }

  play(moves: readonly Move[]): void {
    for (const move of moves) {
      if (move === 'time') this.nowMs += STEP_MS;
      else if (move === 'enter') this.#enter();
      else this.#settle(this.holders[move.settle], move.how);
    }
    this.#look();
  }

  /** Gives all leases back, once more where they were: nothing of it may count that should not. */
  end(): void {
    for (const holder of [...this.holders, ...this.holders]) this.#settle(holder, 'succeed');
    for (const holder of this.holders) this.#settle(holder, 'fail');
    this.#look();
  }

  /** Probes of this half-open time that hold their places for certain. */
  #running(): number {
    const { nowMs, era } = this;
    return this.holders.filter(
      ({ lease, era: since, enteredMs, settled }) => lease.probe && !settled && since === era && nowMs - enteredMs < settings.maxProbeMs,
    ).length;
  }

  #enter(): void {
    const state = this.engine.stateAt(this.nowMs);
    const running = this.#running();
    const entry = this.engine.enter(this.nowMs);
    this.entered += 1;
    const refused = entry.kind === 'refusal' ? entry : entry.observed;
    if (entry.kind === 'lease') {
      this.#tell(entry.transition);
      this.holders.push({ lease: entry, era: this.era, enteredMs: this.nowMs, settled: false });
    }
    const admits = state === 'closed' || (state === 'half_open' && running < settings.probes);
    this.#rule(admits === (refused === undefined), `enter while ${state} with ${running} probes: ${entry.kind}`);
    if (refused === undefined) return;
    this.refused += 1;
    this.#rule(refused.retryAfterMs > 0 && refused.retryAfterMs <= settings.maxProbeMs, `told to wait ${refused.retryAfterMs} ms`);
  }

  #settle(holder: Holder | undefined, how: (typeof ENDS)[number]): void {
    if (holder === undefined) return;
    const { lease, era, settled } = holder;
    holder.settled = true;
    const counts = lease.observed === undefined && !(settled && lease.probe) && era === this.era && how !== 'release';
    const before = counts ? '' : this.#all();
    if (counts && lease.probe && how === 'succeed') this.successes += 1;
    const transition =
      how === 'fail' ? this.engine.fail(lease, this.nowMs, 1, 'TRANSIENT', undefined) : this.engine[how](lease, this.nowMs, 1);
    this.#tell(transition ?? undefined);
    if (counts) return;
    this.#rule(
      transition === undefined && this.#all() === before,
      `${how} of a lease that does not count: ${before} became ${this.#all()}`,
    );
  }

  #tell(transition: BreakerTransition | undefined): void {
    if (transition === undefined) return;
    const { from, to } = transition;
    this.#rule(from === this.told && LEGAL[from].includes(to), `told ${from} to ${to} after ${this.told}`);
    this.told = to;
    this.era += 1;
    if (to === 'closed') {
      this.closings += 1;
      this.#rule(this.successes >= this.given.successThreshold, `closed after ${this.successes} successes`);
    }
    this.successes = 0;
  }

  #look(): void {
    const state = this.engine.stateAt(this.nowMs);
    this.#rule(state === this.told || (state === 'half_open' && this.told === 'open'), `state ${state}, told ${this.told}`);
    this.#rule(this.#running() <= settings.probes, `${this.#running()} probes at once`);
    const times = this.engine.timeInState(this.nowMs);
    const sum = times.closed + times.open + times.half_open + times.forced_open;
    this.#rule(sum === this.nowMs && Math.min(...Object.values(times)) >= 0, `times ${JSON.stringify(times)} at ${this.nowMs}`);
  }

  #all(): string {
    const { closed, open, half_open } = this.engine.timeInState(this.nowMs);
    const { state, openings, remainingOpenMs } = this.engine.toJSON(this.nowMs);
    return `${state}, opened ${openings} times, ${remainingOpenMs} ms left; closed ${closed}, open ${open}, half-open ${half_open} ms`;
  }

  #rule(holds: boolean, otherwise: string): void {
    if (!holds) this.broken.push(otherwise);
  }
}

/** What may come next after these moves; calls are alike, so they enter in order. */
function* nextOf(moves: readonly Move[], history: History, calls: number, steps: number): Generator<Move> {
  if (history.entered < calls) yield 'enter';
  if (moves.filter((move) => move === 'time').length < steps) yield 'time';
  for (const [settle, holder] of history.holders.entries()) {
    if (!holder.settled) for (const how of ENDS) yield { settle, how };
  }
}

/** Plays every history from a beginning. A history is played again for each that goes on from it, as an engine has no copy. */
function walk(given: GivenSettings, beginning: readonly Move[], steps: number) {
  const seen = { histories: 0, refused: 0, closings: 0, broken: new Set<string>() };
  const played = (moves: readonly Move[]): History => {
    const history = new History(given);
    history.play(moves);
    return history;
  };
  const calls = played(beginning).entered + CALLS;
  const goOn = (moves: readonly Move[]): void => {
    const history = played([...beginning, ...moves]);
    const next = [...nextOf(moves, history, calls, steps)];
    seen.histories += 1;
    seen.refused += history.refused;
    seen.closings += history.closings;
    history.end();
    for (const broken of history.broken) seen.broken.add(`${broken}, after ${JSON.stringify(moves)}`);
    for (const move of next) goOn([...moves, move]);
  };
  goOn([]);
  return seen;
}

const twoFailures: GivenSettings = { ...settings, trip: { type: 'consecutive', failures: 2 }, successThreshold: 1 };
const failFirst: readonly Move[] = ['enter', { settle: 0, how: 'fail' }];

describe('[breaker.interleavings] every interleaving of three calls', () => {
  it.each<{ given: string; settings: GivenSettings; beginning: readonly Move[]; steps: number }>([
    { given: 'closed', settings, beginning: [], steps: 3 },
    { given: 'closed, two failures open it, one success closes it', settings: twoFailures, beginning: [], steps: 3 },
    { given: 'open', settings, beginning: failFirst, steps: 4 },
    { given: 'half-open', settings, beginning: [...failFirst, 'time'], steps: 3 },
    { given: 'half-open, a fourth call on its way', settings, beginning: [...failFirst, 'time', 'enter'], steps: 2 },
    { given: 'open, only observing', settings: { ...settings, observeOnly: true }, beginning: failFirst, steps: 2 },
  ])('$given', ({ settings: given, beginning, steps }) => {
    const { histories, refused, closings, broken } = walk(given, beginning, steps);
    expect([...broken].slice(0, 5)).toEqual([]);
    expect(histories).toBeGreaterThan(5_000);
    expect(refused).toBeGreaterThan(0);
    expect(closings).toBeGreaterThan(0);
  });
});
