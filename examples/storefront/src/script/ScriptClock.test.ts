import type { Script } from './Script.js';
import { ScriptClock, scriptedFaults } from './ScriptClock.js';
import { storefrontScript } from './storefrontScript.js';
import { scriptSeconds } from './Script.js';

const script: Script = [
  { title: 'calm', seconds: 10, happens: '', watch: '', faults: {} },
  {
    title: 'storm',
    seconds: 5,
    happens: '',
    watch: '',
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

it('the storefront repeats itself once a minute', () => {
  expect(scriptSeconds(storefrontScript)).toBe(60);
});
