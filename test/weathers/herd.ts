import { type CallOptions, createRegistry } from '@redress/core';
import { FakeClock, seededRandom } from '@redress/core/testing';

/** Callers that are all told at one moment when to come back. */
export interface Herd {
  readonly what: string;
  /** Seconds that the other side asks each of them to wait. */
  readonly waitS: number;
  readonly call?: CallOptions;
}

/** How they came back. */
export interface Return {
  /** Callers that made a second attempt. */
  readonly callers: number;
  /** Milliseconds from the asked wait to the first and to the last of them. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** The most of them in any twentieth of the time that the spread may take, as a share of all. */
  readonly densest: number;
}

const CALLERS = 1_000;

export const herds: readonly Herd[] = [
  { what: 'told 1 s', waitS: 1 },
  { what: 'told 6 s', waitS: 6 },
  { what: 'told 60 s, with two minutes left', waitS: 60, call: { timeoutMs: 120_000 } },
  { what: 'told 600 s, with half an hour left', waitS: 600, call: { timeoutMs: 1_800_000 } },
  { what: 'told 29 s, with 30 s left', waitS: 29 },
];

/** Milliseconds over which a wait is spread: a fifth, at least 250 ms, at most 30 s, and at most half of what is left after it. */
function spreadMsOf({ waitS, call }: Herd): number {
  const leftMs = (call?.timeoutMs ?? 30_000) - waitS * 1_000;
  return Math.min(Math.max(200 * waitS, 250), 30_000, leftMs / 2);
}

/** A thousand callers of a policy with the defaults, but for a budget, are turned away at one moment; each succeeds when it comes back. */
export async function simulateHerd(herd: Herd, seed: number): Promise<Return> {
  const clock = new FakeClock();
  const policy = createRegistry().policy(herd.what, { clock, random: seededRandom(seed), retry: { budget: false } });
  const turnedAway = Object.assign(new Error('too many'), { status: 429, headers: { 'retry-after': String(herd.waitS) } });
  const returnsMs: number[] = [];
  const calls = Array.from({ length: CALLERS }, () =>
    policy.settle(({ number }) => {
      if (number === 1) throw turnedAway;
      returnsMs.push(clock.now() - herd.waitS * 1_000);
    }, herd.call),
  );
  await clock.runAll();
  await Promise.all(calls);
  const twentieth = spreadMsOf(herd) / 20;
  const densest = Math.max(...returnsMs.map((from) => returnsMs.filter((ms) => ms >= from && ms <= from + twentieth).length));
  return { callers: returnsMs.length, firstMs: Math.min(...returnsMs), lastMs: Math.max(...returnsMs), densest: densest / CALLERS };
}
