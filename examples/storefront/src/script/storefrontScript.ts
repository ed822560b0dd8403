import { noFault, outageFault, type Fault } from '../upstreams/index.js';
import type { Script } from './Script.js';

/** One minute: rescue, rate limit and timeouts, a circuit that opens and closes, a budget that runs dry. */
export const storefrontScript: Script = [
  {
    title: 'All is well',
    seconds: 5,
    happens: 'Every upstream answers at once.',
    watch: 'One attempt per call; every circuit is closed, every budget full.',
    shows: ['fine'],
    faults: {},
  },
  {
    title: 'inventory answers 503 in bursts',
    seconds: 10,
    happens: 'Half a second of 503 in every two.',
    watch: 'Retries rescue the calls: open a trace under "Rescued by a retry" and see the wait between two attempts.',
    shows: ['rescued'],
    faults: { inventory: (secondsIn) => (secondsIn % 2 < 0.5 ? { kind: 'status', status: 503 } : noFault) },
  },
  {
    title: 'pricing limits, stalls and resets',
    seconds: 12,
    happens: '429 with "Retry-After: 1", bodies that stop half way, connections that are reset.',
    watch: 'Retry-After is obeyed; a stalled body is cut off by the attempt timeout. The 429s do not count against the circuit.',
    shows: ['rescued'],
    faults: { pricing: (_, number) => pricingTrouble(number) },
  },
  {
    title: 'payments is down',
    seconds: 8,
    happens: 'Resets and 503, nothing else.',
    watch: 'The circuit "payments" opens: calls are refused at once, each with a link to the failure that opened it.',
    shows: ['circuit', 'refused'],
    faults: { payments: (_, number) => outageFault(number) },
  },
  {
    title: 'payments is back',
    seconds: 9,
    happens: 'Payments answers again, but nobody has told the storefront.',
    watch: 'After its recovery time the circuit lets one probe through; the probe succeeds and closes it.',
    shows: ['circuit'],
    faults: {},
  },
  {
    title: 'inventory is down',
    seconds: 8,
    happens: 'Nothing but 503, and inventory has no circuit breaker.',
    watch: 'The retry budget runs dry: calls fail at their first error instead of tripling the load on a service that is down.',
    shows: ['budget'],
    faults: { inventory: () => ({ kind: 'status', status: 503 }) },
  },
  {
    title: 'inventory is back',
    seconds: 8,
    happens: 'Every upstream answers again.',
    watch: 'The budget fills up, a fifth of a retry with each call and one a second.',
    shows: ['fine'],
    faults: {},
  },
];

function pricingTrouble(number: number): Fault {
  switch (number % 10) {
    case 1:
      return { kind: 'status', status: 429, retryAfterSeconds: 1 };
    case 4:
      return { kind: 'slow-body', delayMs: 2_000 };
    case 7:
      return { kind: 'reset', at: 'body' };
    default:
      return noFault;
  }
}
