import type { CallEnd } from '../model/CallEnd.js';
import type { TimelineEntry } from '../model/Outcome.js';
import { aborted, circuitFacts, failure, rejectedBy } from './fixtures/calls.js';
import type { CallRecorder } from './port/CallRecorder.js';
import { TimelineRecorder } from './TimelineRecorder.js';

type Told = readonly [method: string, ...args: unknown[]];

/** A recorder that keeps what it is told. */
function listening(): { readonly told: Told[]; readonly recorder: CallRecorder } {
  const told: Told[] = [];
  const recorder = new Proxy({} as CallRecorder, {
    get: (_, method) => {
      return (...args: unknown[]) => {
        told.push([String(method), ...args]);
        return `${String(method)} of whoever listens`;
      };
    },
  });
  return { told, recorder };
}

const failed = failure('SERVER_ERROR', { errorType: '503' });
const facts = circuitFacts('stock', 'half_open');
const cause = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
const fn = (argument: number): string => `ran with ${argument}`;
const end = aborted(2, 1);

/** A method with what it is told, and the entry that it makes at 7 ms; undefined for none. */
const methods: { readonly [Method in keyof CallRecorder]: readonly [Parameters<CallRecorder[Method]>, TimelineEntry | undefined] } = {
  attempt: [[2], { atMs: 7, event: 'attempt', attempt: 2 }],
  run: [[2, fn as (argument: unknown) => unknown, 5], undefined],
  within: [[(() => 'inside') as () => unknown], undefined],
  attemptEnded: [[2, 30, failed], undefined],
  attemptFailed: [[2, failed], { atMs: 7, event: 'attempt_failed', attempt: 2, errorClass: 'SERVER_ERROR' }],
  attemptLost: [[2, 30], undefined],
  retry: [[2, failed, 100], { atMs: 7, event: 'retry', attempt: 2, errorClass: 'SERVER_ERROR', delayMs: 100 }],
  ranOn: [['TRANSIENT', 100], undefined],
  waited: [['SERVER_ERROR', 100], undefined],
  attemptTimeout: [[2, failed], { atMs: 7, event: 'attempt_timeout', attempt: 2 }],
  event: [['circuit_half_open', 2, facts], { atMs: 7, event: 'circuit_half_open', attempt: 2 }],
  link: [[cause], undefined],
  cause: [[], undefined],
  endSuccess: [[3, 11, 2], { atMs: 11, event: 'success', attempt: 2 }],
  insteadOf: [[end, 'fallback_used', facts], { atMs: 7, event: 'fallback_used', attempt: 2, stopReason: 'ABORTED' }],
  endAnswered: [[3, 11, 'fallback'], { atMs: 11, event: 'success', attempt: 3 }],
  end: [[end, 11], { atMs: 11, event: 'aborted', attempt: 2, stopReason: 'ABORTED' }],
};

function tell(recorder: CallRecorder, method: string, args: readonly unknown[]): unknown {
  const callable: unknown = Reflect.get(recorder, method);
  if (typeof callable !== 'function') throw new Error(`no method ${method}`);
  return Reflect.apply(callable, recorder, args);
}

describe.each(Object.entries(methods))('%s of a timeline', (method, [args, entry]) => {
  it('is told on as it was told, and gives back what whoever listens gave', () => {
    const { told, recorder } = listening();
    const given = tell(new TimelineRecorder(recorder, () => 7), method, args);
    expect(told).toEqual([[method, ...args]]);
    for (const [index, arg] of args.entries()) expect(told[0]?.[index + 1]).toBe(arg);
    const answers = method === 'run' || method === 'within' || method === 'cause';
    expect(given).toBe(answers ? `${method} of whoever listens` : undefined);
  });

  it.each(['somebody', 'nobody'])('makes its entry, and no other, when %s listens', (who) => {
    const timeline = new TimelineRecorder(who === 'nobody' ? undefined : listening().recorder, () => 7);
    tell(timeline, method, args);
    expect(timeline.entries).toEqual(entry === undefined ? [] : [entry]);
  });
});

describe('the timeline of a call', () => {
  it('is what the call told, and when, circuits included', () => {
    let nowMs = 0;
    const timeline = new TimelineRecorder(undefined, () => nowMs);
    timeline.attempt(1);
    expect(timeline.run(1, fn, 5)).toBe('ran with 5');
    nowMs = 10;
    timeline.attemptTimeout(1, failure());
    timeline.attemptEnded(1, 10, failure());
    timeline.retry(1, failure('SERVER_ERROR'), 100);
    nowMs = 110;
    timeline.waited('SERVER_ERROR', 100);
    timeline.event('circuit_half_open', 2, facts);
    timeline.link(cause);
    expect(timeline.cause()).toBeUndefined();
    timeline.end(aborted(2, 1), 111);
    expect(timeline.entries).toEqual([
      { atMs: 0, event: 'attempt', attempt: 1 },
      { atMs: 10, event: 'attempt_timeout', attempt: 1 },
      { atMs: 10, event: 'retry', attempt: 1, errorClass: 'SERVER_ERROR', delayMs: 100 },
      { atMs: 110, event: 'circuit_half_open', attempt: 2 },
      { atMs: 111, event: 'aborted', attempt: 2, stopReason: 'ABORTED' },
    ]);
  });

  it.each<{ readonly given: string; readonly end: CallEnd; readonly last: Omit<TimelineEntry, 'atMs'> }>([
    {
      given: 'a failure',
      end: { kind: 'failure', attempts: 3, stopReason: 'MAX_ATTEMPTS_GLOBAL', failure: failed },
      last: { event: 'max_attempts_exceeded', attempt: 3, errorClass: 'SERVER_ERROR', stopReason: 'MAX_ATTEMPTS_GLOBAL' },
    },
    {
      given: 'a deferral',
      end: { kind: 'scheduled', attempts: 1, stopReason: 'SCHEDULED', failure: failed, delayMs: 2_500 },
      last: { event: 'scheduled', attempt: 1, errorClass: 'SERVER_ERROR', delayMs: 2_500, stopReason: 'SCHEDULED' },
    },
    { given: 'an abort', end: aborted(2, 1), last: { event: 'aborted', attempt: 2, stopReason: 'ABORTED' } },
    {
      given: 'a refusal at admission',
      end: rejectedBy('stock', 'open'),
      last: { event: 'circuit_rejected', attempt: 0, stopReason: 'CIRCUIT_OPEN' },
    },
    {
      given: 'a refusal in the middle of a retry',
      end: rejectedBy('stock', 'open', 2, failed),
      last: { event: 'circuit_rejected', attempt: 2, errorClass: 'SERVER_ERROR', stopReason: 'CIRCUIT_OPEN' },
    },
  ])('ends with $given', ({ end, last }) => {
    const timeline = new TimelineRecorder(undefined, () => 0);
    timeline.end(end, 40);
    expect(timeline.entries).toEqual([{ atMs: 40, ...last }]);
  });

  it.each(['somebody', 'nobody'])('lets through what the function throws when %s listens', (who) => {
    const own = new Error('own');
    const { recorder } = listening();
    const runs: CallRecorder = Object.assign(Object.create(recorder), {
      run: <A, T>(_: number, run: (argument: A) => T, argument: A) => run(argument),
    });
    const timeline = new TimelineRecorder(who === 'nobody' ? undefined : runs, () => 0);
    const throws = (): never => {
      throw own;
    };
    expect(() => timeline.run(1, throws, undefined)).toThrow(own);
    expect(timeline.entries).toEqual([]);
  });
});
