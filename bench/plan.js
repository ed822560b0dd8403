/**
 * Every scenario of the bench, in the order of the report. Each has a process of its own, with one peer at most: an SDK is there for the
 * whole of a process, and what one library leaves on the heap slows the others.
 *
 * `--newest` takes the peer from `peers/`, which holds the newest versions; where `needs` says so, that version is for this Node and later.
 */
const plan = [
  { file: 'no-sdk.js', args: ['cockatiel'] },
  { file: 'no-sdk.js', args: ['opossum'] },
  { file: 'no-sdk.js', args: ['p-retry'] },
  { file: 'no-sdk.js', args: ['cockatiel', '--context'] },
  { file: 'no-sdk.js', args: ['cockatiel', '--options'] },
  { file: 'lone.js', args: ['turn'] },
  { file: 'lone.js', args: ['http'] },
  { file: 'signal.js', args: [] },
  { file: 'telemetry.js', args: [] },
  { file: 'telemetry.js', args: ['--signal'] },
  { file: 'telemetry.js', args: ['--spans'] },
  { file: 'telemetry.js', args: ['--spans', '--signal'] },
  { file: 'rejection.js', args: [] },
  { file: 'bulkhead.js', args: [] },
  { file: 'bulkhead.js', args: ['cockatiel'] },
  { file: 'bulkhead.js', args: ['p-limit', '--newest'] },
  { file: 'limiter.js', args: [] },
  { file: 'limiter.js', args: ['rate-limiter-flexible', '--newest'] },
  { file: 'limiter.js', args: ['effect', '--newest'] },
  { file: 'throttle.js', args: [] },
  { file: 'cache.js', args: [] },
  { file: 'cache.js', args: ['--miss'] },
  { file: 'cache.js', args: ['lru-cache', '--newest'] },
  { file: 'fallback.js', args: [] },
  { file: 'hedge.js', args: [] },
  { file: 'hedge.js', args: ['--quantile'] },
  { file: 'policies.js', args: [] },
  { file: 'allocation.js', args: ['cockatiel'] },
  { file: 'allocation.js', args: ['opossum'] },
  { file: 'waiting.js', args: [] },
  { file: 'keys.js', args: [] },
  { file: 'growth.js', args: [] },
  { file: 'growth.js', args: ['--everything'] },
  { file: 'collection.js', args: [] },
  { file: 'no-sdk.js', args: ['cockatiel', '--newest'], needs: 22 },
  { file: 'no-sdk.js', args: ['opossum', '--newest'], needs: 22 },
  { file: 'no-sdk.js', args: ['p-retry', '--newest'], needs: 22 },
  { file: 'rejection.js', args: ['--newest'], needs: 22 },
  { file: 'bulkhead.js', args: ['cockatiel', '--newest'], needs: 22 },
  { file: 'policies.js', args: ['--newest'], needs: 22 },
];

const runsOn =
  (major) =>
  ({ needs = 0 }) =>
    major >= needs;

/** The plan of one Node, by its major version. */
export const planFor = (major) => plan.filter(runsOn(major));

/** What that Node is too old for. */
export const leftOutOn = (major) => plan.filter((scenario) => !runsOn(major)(scenario));

export const nameOf = ({ file }) => file.replace('.js', '');

/** A scenario as it is started. */
export const lineOf = ({ file, args }) => [nameOf({ file }), ...args].join(' ');

export const needsNewestPeers = ({ args }) => args.includes('--newest');
