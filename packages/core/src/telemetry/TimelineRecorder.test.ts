import { aborted, failure } from './fixtures/calls.js';
import type { CallRecorder } from './port/CallRecorder.js';
import { TimelineRecorder } from './TimelineRecorder.js';

/** A recorder that keeps what it is told, as text. */
function listening(): { readonly told: string[]; readonly recorder: CallRecorder } {
  const told: string[] = [];
  const recorder = new Proxy({} as CallRecorder, {
    get: (_, method) =>
      method === 'run'
        ? (_number: number, fn: (argument: unknown) => unknown, argument: unknown) => fn(argument)
        : (...args: unknown[]) => {
            told.push(`${String(method)} ${args.map((arg) => (typeof arg === 'object' ? 'object' : String(arg))).join(' ')}`.trim());
            return method === 'cause' ? 'the cause' : undefined;
          },
  });
  return { told, recorder };
}

/** Everything a call can tell. */
function tellAll(recorder: CallRecorder, tick: (ms: number) => void): void {
  recorder.attempt(1);
  expect(recorder.run(1, (argument) => `ran with ${argument}`, 5)).toBe('ran with 5');
  tick(10);
  recorder.attemptTimeout(1, failure());
  recorder.attemptEnded(1, 10, failure());
  recorder.retry(1, failure('SERVER_ERROR'), 100);
  tick(100);
  recorder.waited('SERVER_ERROR', 100);
  recorder.event('circuit_half_open', 2, { 'circuit.name': 'stock', 'circuit.state': 'half_open' });
  recorder.link('another');
  recorder.cause();
  recorder.end(aborted(2, 1), 111);
}

describe('the timeline of a call', () => {
  it('is what the call told, and when, circuits included', () => {
    let nowMs = 0;
    const timeline = new TimelineRecorder(undefined, () => nowMs);
    tellAll(timeline, (ms) => (nowMs += ms));
    expect(timeline.entries).toEqual([
      { atMs: 0, event: 'attempt', attempt: 1 },
      { atMs: 10, event: 'attempt_timeout', attempt: 1 },
      { atMs: 10, event: 'retry', attempt: 1, errorClass: 'SERVER_ERROR', delayMs: 100 },
      { atMs: 110, event: 'circuit_half_open', attempt: 2 },
      { atMs: 111, event: 'aborted', attempt: 2, stopReason: 'ABORTED' },
    ]);
  });

  it('of a success ends with it', () => {
    const timeline = new TimelineRecorder(undefined, () => 0);
    timeline.endSuccess(3, 7);
    expect(timeline.entries).toEqual([{ atMs: 7, event: 'success', attempt: 3 }]);
  });

  it('is a recorder like any other: whoever listens is told all the same', () => {
    const { told, recorder } = listening();
    const timeline = new TimelineRecorder(recorder, () => 0);
    tellAll(timeline, () => undefined);
    timeline.endSuccess(1, 5);
    expect(told).toEqual([
      'attempt 1',
      'attemptTimeout 1 object',
      'attemptEnded 1 10 object',
      'retry 1 object 100',
      'waited SERVER_ERROR 100',
      'event circuit_half_open 2 object',
      'link another',
      'cause',
      'end object 111',
      'endSuccess 1 5',
    ]);
    expect(timeline.cause()).toBe('the cause');
  });
});
