import { CopiedCore } from './CopiedCore.js';

const trips = 'packages/core/src/gates/breaker/trips';

/** A trip that nobody has asked for yet: the third failure of a life opens it, whatever succeeds between. */
const total = `import { atLeastOne, hold } from '../../../model/rules.js';
import type { Trip, TripKind, TripReason } from './Trip.js';

/** Opens on failures in all. */
export interface TotalTrip {
  readonly type: 'total';
  /** So many; at least 1. */
  readonly failures: number;
}

export const total: TripKind<TotalTrip> = {
  type: 'total',
  rules: { failures: atLeastOne },
  resolve: (where, { failures }) => {
    hold(where, 'trip.failures', failures, atLeastOne);
    return { classes: [], make: () => new TripsOnTotal(failures) };
  },
};

class TripsOnTotal implements Trip {
  readonly slowCallMs = Infinity;
  private failed = 0;
  constructor(private readonly limit: number) {}
  succeed(): undefined {}
  fail(): TripReason | undefined {
    return ++this.failed >= this.limit ? 'total' : undefined;
  }
  failureRate(): number {
    return Number.NaN;
  }
  clear(): void {
    this.failed = 0;
  }
}
`;

const program = `import { policy } from './index.js';
const worn = policy('worn', { retry: false, circuitBreaker: { trip: { type: 'total', failures: 2 } } });
const outcomes: string[] = [];
for (const works of [false, true, false, true]) {
  const outcome = await worn.settle(() => { if (!works) throw Object.assign(new Error('busy'), { status: 503 }); });
  outcomes.push(\`\${outcome.ok ? 'ok' : 'failed'} after \${outcome.attempts}\`);
}
console.log(outcomes.join(', '), worn.circuitBreaker.state);
try {
  policy('wrong', { circuitBreaker: { trip: { type: 'total', failures: 0 } } });
} catch (error) {
  console.log(String(error));
}
`;

describe('a fourth way to trip', () => {
  const core = new CopiedCore();
  afterAll(() => core.remove());

  it('is one file, and its place in the list', () => {
    core.write(`${trips}/total.ts`, total);
    core.change(`${trips}/index.ts`, "} from './rate.js';", "} from './rate.js';\nimport { type TotalTrip, total } from './total.js';");
    core.change(`${trips}/index.ts`, 'RateTrip | CountTrip | ConsecutiveTrip', 'RateTrip | CountTrip | ConsecutiveTrip | TotalTrip');
    core.change(`${trips}/index.ts`, '[rate, count, consecutive]', '[rate, count, consecutive, total]');
    expect(core.check()).toBe('');
    expect(core.run(program)).toBe(
      'failed after 1, ok after 1, failed after 1, failed after 0 open\n' +
        'TypeError: policy wrong, circuitBreaker: trip.failures must be a whole number, at least 1; got 0\n',
    );
  });
});
