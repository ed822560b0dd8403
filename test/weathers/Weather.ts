/** What a dependency does with one attempt. */
export type Answer = 'ok' | 'busy' | 'hang' | 'slow' | 'slowly busy' | 'lost';

/** Trouble of a dependency, and the traffic that meets it. */
export interface Weather {
  readonly name: string;
  /** What it is, for the table. */
  readonly what: string;
  readonly callsPerS: number;
  /** Seconds during which calls begin. */
  readonly seconds: number;
  /** When the trouble begins and ends, in seconds. */
  readonly trouble: { readonly fromS: number; readonly toS: number };
  /** What becomes of an attempt; `call` counts from 0, `chance` is uniform in [0, 1), `sinceS` is seconds since the trouble began. */
  answer(inTrouble: boolean, call: number, chance: number, sinceS: number): Answer;
}

const whole = (seconds: number): Weather['trouble'] => ({ fromS: 0, toS: seconds });
const noise = (share: number, name: string): Weather => ({
  name,
  what: `1,000 calls/s, ${name.replace('noise of ', '')} of the attempts fail`,
  callsPerS: 1_000,
  seconds: 60,
  trouble: whole(60),
  answer: (_, __, chance) => (chance < share ? 'busy' : 'ok'),
});

/** How long an attempt takes when all is well; milliseconds. */
export const HEALTHY_MS = 20;

/** How long a slow one takes; milliseconds. */
export const SLOW_MS = 3_000;

export const weathers = {
  noise01: noise(0.001, 'noise of 0.1 %'),
  noise1: noise(0.01, 'noise of 1 %'),
  poison: {
    name: 'one poison request',
    what: '100 calls/s; one request fails always, and is sent again every second',
    callsPerS: 100,
    seconds: 60,
    trouble: whole(60),
    answer: (_, call) => (call % 100 === 50 ? 'busy' : 'ok'),
  },
  hang: {
    name: 'a hang',
    what: '100 calls/s; for 60 s nothing answers',
    callsPerS: 100,
    seconds: 150,
    trouble: { fromS: 10, toS: 70 },
    answer: (inTrouble) => (inTrouble ? 'hang' : 'ok'),
  },
  brownout: {
    name: 'a brownout',
    what: '100 calls/s; for 60 s half of the attempts fail',
    callsPerS: 100,
    seconds: 150,
    trouble: { fromS: 30, toS: 90 },
    answer: (inTrouble, _, chance) => (inTrouble && chance < 0.5 ? 'busy' : 'ok'),
  },
  outage: {
    name: 'an outage',
    what: '100 calls/s; soon after the start every attempt fails, for 15 s',
    callsPerS: 100,
    seconds: 60,
    trouble: { fromS: 4, toS: 19 },
    answer: (inTrouble) => (inTrouble ? 'busy' : 'ok'),
  },
  longOutage: {
    name: 'a long outage',
    what: '100 calls/s; after a minute without trouble every attempt fails, for 120 s',
    callsPerS: 100,
    seconds: 300,
    trouble: { fromS: 60, toS: 180 },
    answer: (inTrouble) => (inTrouble ? 'busy' : 'ok'),
  },
  healthyHour: {
    name: 'an outage after a healthy hour',
    what: '20 calls/s; after an hour without trouble every attempt fails, for 60 s',
    callsPerS: 20,
    seconds: 3_720,
    trouble: { fromS: 3_600, toS: 3_660 },
    answer: (inTrouble) => (inTrouble ? 'busy' : 'ok'),
  },
  flapping: {
    name: 'a flapping dependency',
    what: '100 calls/s; for 60 s every attempt fails for 3 s, then none for 3 s, and so on',
    callsPerS: 100,
    seconds: 120,
    trouble: { fromS: 30, toS: 90 },
    answer: (inTrouble, _, __, sinceS) => (inTrouble && sinceS % 6 < 3 ? 'busy' : 'ok'),
  },
  slowStart: {
    name: 'a slow start after a deploy',
    what: '100 calls/s; for 20 s every attempt takes 3 s, and one in ten fails then',
    callsPerS: 100,
    seconds: 60,
    trouble: { fromS: 10, toS: 30 },
    answer: (inTrouble, _, chance) => (!inTrouble ? 'ok' : chance < 0.1 ? 'slowly busy' : 'slow'),
  },
  lostConnection: {
    name: 'a lost connection',
    what: '100 calls/s; after 5,000 that succeeded, 100 in flight fail at one moment',
    callsPerS: 100,
    seconds: 90,
    trouble: { fromS: 50, toS: 51 },
    answer: (inTrouble) => (inTrouble ? 'lost' : 'ok'),
  },
  quietPod: {
    name: 'a quiet pod, one failure',
    what: '1 call/s; one attempt fails',
    callsPerS: 1,
    seconds: 120,
    trouble: { fromS: 60, toS: 60.5 },
    answer: (inTrouble) => (inTrouble ? 'busy' : 'ok'),
  },
  quietOutage: {
    name: 'a quiet pod, an outage',
    what: '1 call/s; for 60 s every attempt fails',
    callsPerS: 1,
    seconds: 240,
    trouble: { fromS: 60, toS: 120 },
    answer: (inTrouble) => (inTrouble ? 'busy' : 'ok'),
  },
} as const satisfies Readonly<Record<string, Weather>>;
