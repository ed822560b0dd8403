import { Timed } from './Timed.js';

/** Told when its time has come: a call, of which timers know no more. */
export interface Waiter {
  onTime(): void;
}

/** The timer of a call, for as long as it waits for a time beyond the turn in which the wait began. */
export class CallTimer extends Timed {
  constructor(private readonly waiter: Waiter) {
    super();
  }

  override onTime(): void {
    this.waiter.onTime();
  }
}
