import { noFault, type Fault, type FaultPlan, type UpstreamName } from './Fault.js';
import { seededUniform } from './seededUniform.js';

/** A fault and how often it happens: its share of all requests, in [0, 1]. */
export interface WeightedFault {
  readonly share: number;
  readonly fault: Fault;
}

/** How one upstream misbehaves: single faults at random, and outages in which no request succeeds. */
export interface FaultProfile {
  readonly faults: readonly WeightedFault[];
  /** Of every `every` requests the last `length` fail, by turns with a reset and a 503. */
  readonly outage?: { readonly every: number; readonly length: number } | undefined;
}

/** Every kind of fault somewhere, and outages of payments that are long enough to open a circuit. */
export const defaultProfiles: Readonly<Record<UpstreamName, FaultProfile>> = {
  inventory: {
    faults: [
      { share: 0.12, fault: { kind: 'status', status: 503 } },
      { share: 0.03, fault: { kind: 'status', status: 503, retryAfterSeconds: 0 } },
      { share: 0.03, fault: { kind: 'reset', at: 'request' } },
      { share: 0.02, fault: { kind: 'status', status: 404 } },
    ],
  },
  pricing: {
    faults: [
      { share: 0.08, fault: { kind: 'status', status: 429, retryAfterSeconds: 1 } },
      { share: 0.05, fault: { kind: 'slow-body', delayMs: 2_000 } },
      { share: 0.05, fault: { kind: 'reset', at: 'body' } },
      { share: 0.02, fault: { kind: 'hang' } },
    ],
  },
  payments: {
    faults: [{ share: 0.05, fault: { kind: 'status', status: 500 } }],
    outage: { every: 250, length: 25 },
  },
};

/** A plan that depends on the seed and the request's number alone: the same in every run, under any concurrency. */
export function seededFaults(seed: number, profiles: Readonly<Record<UpstreamName, FaultProfile>> = defaultProfiles): FaultPlan {
  return ({ upstream, number }) => {
    const { faults, outage } = profiles[upstream];
    if (outage !== undefined && (number - 1) % outage.every >= outage.every - outage.length) {
      return outageFault(number);
    }
    let left = seededUniform(seed, upstream, number);
    for (const { share, fault } of faults) {
      left -= share;
      if (left < 0) {
        return fault;
      }
    }
    return noFault;
  };
}

/** What a dead service looks like: by turns a reset connection and the load balancer's 503. */
export function outageFault(number: number): Fault {
  return number % 2 === 0 ? { kind: 'reset', at: 'request' } : { kind: 'status', status: 503 };
}
