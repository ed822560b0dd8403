import type { Script } from './Script.js';
import { ScriptClock, scriptedFaults } from './ScriptClock.js';
import { storefrontScript } from './storefrontScript.js';
import { scriptSeconds } from './Script.js';

const script: Script = [
  { title: 'calm', seconds: 10, happens: '', watch: '', shows: [], faults: {} },
  {
    title: 'storm',
    seconds: 5,
    happens: '',
    watch: '',
    shows: [],
    faults: { payments: (secondsIn) => ({ kind: 'status', status: secondsIn < 2 ? 500 : 503 }) },
  },
];

describe('ScriptClock', () => {
  it.each([
    { speed: 1, atMs: 0, title: 'calm', next: 'storm', secondsIn: 0, secondsLeft: 10, cycle: 0 },
    { speed: 1, atMs: 9_999, title: 'calm', next: 'storm', secondsIn: 9.999, secondsLeft: 0.001, cycle: 0 },
    { speed: 1, atMs: 10_000, title: 'storm', next: 'calm', secondsIn: 0, secondsLeft: 5, cycle: 0 },
    { speed: 1, atMs: 15_000, title: 'calm', next: 'storm', secondsIn: 0, secondsLeft: 10, cycle: 1 },
    { speed: 4, atMs: 3_000, title: 'storm', next: 'calm', secondsIn: 2, secondsLeft: 3, cycle: 0 },
    { speed: 1, atMs: 157_000, title: 'calm', next: 'storm', secondsIn: 7, secondsLeft: 3, cycle: 10 },
  ])('at speed $speed and $atMs ms plays $title', ({ speed, atMs, title, next, secondsIn, secondsLeft, cycle }) => {
    let nowMs = 1_000;
    const clock = new ScriptClock(script, speed, () => nowMs);
    nowMs += atMs;
    const position = clock.position();
    expect([position.phase.title, position.next.title, position.cycle]).toEqual([title, next, cycle]);
    expect(position.secondsIn).toBeCloseTo(secondsIn, 6);
    expect(position.secondsLeft).toBeCloseTo(secondsLeft, 6);
  });

  it.each([
    { atMs: 0, upstream: 'payments', fault: { kind: 'none' } },
    { atMs: 11_000, upstream: 'payments', fault: { kind: 'status', status: 500 } },
    { atMs: 13_000, upstream: 'payments', fault: { kind: 'status', status: 503 } },
    { atMs: 13_000, upstream: 'inventory', fault: { kind: 'none' } },
  ] as const)('at $atMs ms gives $upstream the fault of its phase', ({ atMs, upstream, fault }) => {
    let nowMs = 0;
    const faults = scriptedFaults(new ScriptClock(script, 1, () => nowMs));
    nowMs = atMs;
    expect(faults({ upstream, number: 1 })).toEqual(fault);
  });
});

describe('a story that is directed', () => {
  let nowMs = 0;
  let clock = new ScriptClock(script, 2, () => nowMs);
  const later = (seconds: number) => {
    nowMs += seconds * 1_000;
    const { phase, secondsIn } = clock.position();
    return [phase.title, Math.round(secondsIn * 1_000) / 1_000];
  };

  beforeEach(() => {
    nowMs = 500;
    clock = new ScriptClock(script, 2, () => nowMs);
  });

  it('stays where it is held, and goes on from there', () => {
    expect(later(3)).toEqual(['calm', 6]);
    clock.hold();
    expect(clock.isHeld).toBe(true);
    expect(later(60)).toEqual(['calm', 6]);
    clock.hold();
    clock.goOn();
    clock.goOn();
    expect(clock.isHeld).toBe(false);
    expect(later(1)).toEqual(['calm', 8]);
  });

  it('has the faults of a phase go on while it is held', () => {
    later(5.5);
    clock.hold();
    const faults = scriptedFaults(clock);
    expect(faults({ upstream: 'payments', number: 1 })).toMatchObject({ status: 500 });
    later(1);
    expect(faults({ upstream: 'payments', number: 1 })).toMatchObject({ status: 503 });
  });

  it.each([
    { number: 1, title: 'calm' },
    { number: 2, title: 'storm' },
    { number: 99, title: 'storm' },
  ])('plays from step $number', ({ number, title }) => {
    later(4);
    clock.hold();
    clock.playFrom(number);
    expect(later(0)).toEqual([title, 0]);
    expect(later(1)).toEqual([title, 2]);
  });
});

it('the storefront repeats itself once a minute', () => {
  expect(scriptSeconds(storefrontScript)).toBe(60);
});
