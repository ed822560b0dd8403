import { noFault, type FaultPlan } from '../upstreams/index.js';
import { scriptSeconds, type Phase, type Script } from './Script.js';

/** Where the script is. Seconds are the script's: at speed 4 they pass four times as fast. */
export interface ScriptPosition {
  readonly phase: Phase;
  /** 1 for the first phase. */
  readonly number: number;
  readonly next: Phase;
  readonly secondsIn: number;
  readonly secondsLeft: number;
  /** How often the script has been played to its end. */
  readonly cycle: number;
}

/** Plays a script over and over from the moment it is made. `now` is in milliseconds. */
export class ScriptClock {
  readonly script: Script;
  readonly speed: number;
  readonly #now: () => number;
  #startMs: number;
  /** When the story was held; undefined while it goes on. */
  #heldAtMs: number | undefined;

  constructor(script: Script, speed: number, now: () => number) {
    this.script = script;
    this.speed = speed;
    this.#now = now;
    this.#startMs = now();
  }

  get isHeld(): boolean {
    return this.#heldAtMs !== undefined;
  }

  /** Stays in the phase it is in, until {@link goOn}. Faults go on, or a phase that changes in itself would be stuck in one of its moments. */
  hold(): void {
    this.#heldAtMs ??= this.#now();
  }

  goOn(): void {
    if (this.#heldAtMs !== undefined) {
      this.#startMs += this.#now() - this.#heldAtMs;
      this.#heldAtMs = undefined;
    }
  }

  /** Plays from the beginning of a phase, of which the first is 1; from the last when there are fewer. */
  playFrom(number: number): void {
    const before = this.script.slice(0, Math.min(number, this.script.length) - 1).reduce((sum, phase) => sum + phase.seconds, 0);
    this.#heldAtMs = undefined;
    this.#startMs = this.#now() - (before / this.speed) * 1_000;
  }

  /** Seconds into the phase for its faults: those that it was held for count too. */
  faultSeconds(): number {
    const held = this.#heldAtMs === undefined ? 0 : ((this.#now() - this.#heldAtMs) / 1_000) * this.speed;
    return this.position().secondsIn + held;
  }

  position(): ScriptPosition {
    const total = scriptSeconds(this.script);
    const elapsed = (((this.#heldAtMs ?? this.#now()) - this.#startMs) / 1_000) * this.speed;
    const cycle = Math.floor(elapsed / total);
    let secondsIn = elapsed - cycle * total;
    let index = 0;
    let phase = this.script[0];
    for (const [i, candidate] of this.script.entries()) {
      [index, phase] = [i, candidate];
      if (secondsIn < candidate.seconds) {
        break;
      }
      secondsIn -= candidate.seconds;
    }
    const next = this.script[index + 1] ?? this.script[0];
    return { phase, number: index + 1, next, secondsIn, secondsLeft: phase.seconds - secondsIn, cycle };
  }
}

/** Faults as the script wants them now. */
export function scriptedFaults(clock: ScriptClock): FaultPlan {
  return ({ upstream, number }) => {
    return clock.position().phase.faults[upstream]?.(clock.faultSeconds(), number) ?? noFault;
  };
}
