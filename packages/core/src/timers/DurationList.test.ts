import fc from 'fast-check';
import { DurationList } from './DurationList.js';
import { Timed } from './Timed.js';

class Item extends Timed {
  constructor(readonly name: string) {
    super();
  }

  onTime(): void {}
}

/** What the list holds, in order; emptied by asking for its head again and again. */
function drained(list: DurationList): Timed[] {
  const order: Timed[] = [];
  for (let { head } = list; head !== undefined; { head } = list) {
    order.push(head);
    list.remove(head);
  }
  return order;
}

describe('DurationList', () => {
  it('has no head when it is empty', () => {
    expect(new DurationList(10).head).toBeUndefined();
  });

  it('[property] holds what was added and not removed, by due time, then in the order of adding', () => {
    const steps = fc.array(fc.record({ dueMs: fc.integer({ min: 0, max: 5 }), remove: fc.option(fc.nat(), { nil: undefined }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const list = new DurationList(10);
        const model: Item[] = [];
        for (const [index, { dueMs, remove }] of all.entries()) {
          const item = new Item(`${index}`);
          item.dueMs = dueMs;
          list.add(item);
          const after = model.findIndex((other) => other.dueMs > dueMs);
          model.splice(after < 0 ? model.length : after, 0, item);
          const leaving = remove === undefined ? undefined : model[remove % model.length];
          if (leaving !== undefined) {
            list.remove(leaving);
            model.splice(model.indexOf(leaving), 1);
            expect([leaving.timedIn, leaving.previousTimed, leaving.nextTimed]).toEqual([undefined, undefined, undefined]);
          }
          expect(list.head).toBe(model[0]);
        }
        expect(drained(list)).toEqual(model);
        expect(list.head).toBeUndefined();
      }),
    );
  });
});
