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
  readonly #startMs: number;

  constructor(script: Script, speed: number, now: () => number) {
    this.script = script;
    this.speed = speed;
    this.#now = now;
    this.#startMs = now();
  }

  position(): ScriptPosition {
    const total = scriptSeconds(this.script);
    const elapsed = ((this.#now() - this.#startMs) / 1_000) * this.speed;
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
    const { phase, secondsIn } = clock.position();
    return phase.faults[upstream]?.(secondsIn, number) ?? noFault;
  };
}
