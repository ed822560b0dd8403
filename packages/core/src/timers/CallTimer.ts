import { Timed } from './Timed.js';

/** Told when its time has come: a call, of which timers know no more. */
export interface Waiter {
  onTime(): void;
}

/** The timer of a call, for as long as it waits for a time beyond the turn in which the wait began. */
export class CallTimer extends Timed {
  /** Takes back what would end the wait with this turn of the event loop. */
  private takeBack: (() => void) | undefined = undefined;

  constructor(private readonly waiter: Waiter) {
    super();
  }

  override onTime(): void {
    this.forgetTurn();
    this.waiter.onTime();
  }

  /** The wait is for no time: the next turn of the event loop ends it too. */
  endWithTurn(takeBack: (() => void) | undefined): void {
    this.takeBack = takeBack;
  }

  forgetTurn(): void {
    this.takeBack?.();
    this.takeBack = undefined;
  }
}
