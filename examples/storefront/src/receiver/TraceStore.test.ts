import { exampleCall as call, exampleSpan as span } from './exampleSpans.js';
import { TraceStore } from './TraceStore.js';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const fine = (number: number) => call('success', 1, { traceId: id(number), startMs: number });
const rescued = (number: number) => call('success', 2, { traceId: id(number), startMs: number });

const shape = (store: TraceStore) =>
  store.groups().map(({ kind, count, traces }) => [kind, count, traces.map((trace) => Number.parseInt(trace.traceId, 16))]);

describe('TraceStore', () => {
  it('lists the most interesting kind first, and in a kind the newest', () => {
    const store = new TraceStore();
    store.add([fine(1), rescued(2), fine(3), rescued(4)]);
    expect(shape(store)).toEqual([
      ['rescued', 2, [4, 2]],
      ['fine', 2, [3, 1]],
    ]);
  });

  it('forgets the oldest of the commonest kind, so that the rare stays', () => {
    const store = new TraceStore({ maxTraces: 4 });
    store.add([rescued(1)]);
    for (let number = 2; number < 50; number++) {
      store.add([fine(number)]);
    }
    expect(shape(store)).toEqual([
      ['rescued', 1, [1]],
      ['fine', 3, [49, 48, 47]],
    ]);
    expect(store.spans(id(2))).toEqual([]);
  });

  it('gathers the spans of a trace over several requests, and judges it anew', () => {
    const store = new TraceStore();
    const later = rescued(1);
    const root = span({ traceId: id(1), startMs: 0, endMs: 250 });
    store.add([fine(1)]);
    expect(shape(store)).toEqual([['fine', 1, [1]]]);
    store.add([later, root]);
    expect(store.groups()[0]?.traces[0]).toMatchObject({ kind: 'rescued', name: 'GET /products/:id', startMs: 0, durationMs: 250 });
  });

  it('keeps a bounded number of spans of a trace', () => {
    const store = new TraceStore({ maxSpans: 3 });
    store.add(Array.from({ length: 10 }, () => fine(1)));
    expect(store.spans(id(1))).toHaveLength(3);
  });

  it('lists at most as many of a kind as asked for, and says how many there are', () => {
    const store = new TraceStore();
    store.add([fine(1), fine(2), fine(3)]);
    expect(store.groups(2).map(({ count, traces }) => [count, traces.length])).toEqual([[3, 2]]);
  });
});
