import { ProcessHold } from './ProcessHold.js';

/** A timer that remembers what it was told last. */
class SimpleTimer {
  refs = true;

  ref(): void {
    this.refs = true;
  }

  unref(): void {
    this.refs = false;
  }
}

type Step = 'take' | 'give back' | 'another timer' | 'no timer';

describe('ProcessHold', () => {
  it.each<{ given: string; when: Step[]; then: boolean }>([
    { given: 'nobody asks', when: [], then: false },
    { given: 'somebody asks', when: ['take'], then: true },
    { given: 'he asks no more', when: ['take', 'give back'], then: false },
    { given: 'one of two asks no more', when: ['take', 'take', 'give back'], then: true },
    { given: 'both ask no more', when: ['take', 'take', 'give back', 'give back'], then: false },
    { given: 'he asks again', when: ['take', 'give back', 'take'], then: true },
    { given: 'there is another timer that somebody wants', when: ['take', 'another timer'], then: true },
    { given: 'there is another timer that nobody wants', when: ['take', 'give back', 'another timer'], then: false },
    { given: 'he asks between two timers', when: ['no timer', 'take', 'another timer'], then: true },
    { given: 'he asks no more between two timers', when: ['take', 'no timer', 'give back', 'another timer'], then: false },
  ])('holds the process when $given: $then', ({ when, then }) => {
    const hold = new ProcessHold();
    let timer = new SimpleTimer();
    hold.moveTo(timer);
    for (const step of when) {
      if (step === 'take') hold.take();
      else if (step === 'give back') hold.giveBack();
      else if (step === 'no timer') hold.moveTo(undefined);
      else hold.moveTo((timer = new SimpleTimer()));
    }
    expect(timer.refs).toBe(then);
  });

  it('asks nothing of timers that cannot be told', () => {
    const hold = new ProcessHold();
    hold.moveTo(1);
    expect(() => {
      hold.take();
      hold.giveBack();
    }).not.toThrow();
  });
});
