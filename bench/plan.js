/**
 * Every scenario of the bench, in the order of the report. Each has a process of its own, with one peer at most: an SDK is there for the
 * whole of a process, and what one library leaves on the heap slows the others.
 *
 * `--newest` takes the peer from `peers/`, which holds the newest versions; they need Node 22.
 */
const everywhere = [
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
  { file: 'limiter.js', args: [] },
  { file: 'throttle.js', args: [] },
  { file: 'around.js', args: ['hedge'] },
  { file: 'around.js', args: ['fallback'] },
  { file: 'around.js', args: ['miss'] },
  { file: 'policies.js', args: [] },
  { file: 'allocation.js', args: ['cockatiel'] },
  { file: 'allocation.js', args: ['opossum'] },
  { file: 'waiting.js', args: [] },
  { file: 'keys.js', args: [] },
  { file: 'growth.js', args: [] },
  { file: 'collection.js', args: [] },
];

const withNewestPeers = [
  { file: 'no-sdk.js', args: ['cockatiel', '--newest'] },
  { file: 'no-sdk.js', args: ['opossum', '--newest'] },
  { file: 'no-sdk.js', args: ['p-retry', '--newest'] },
  { file: 'rejection.js', args: ['--newest'] },
  { file: 'policies.js', args: ['--newest'] },
  { file: 'alone.js', args: ['limiter', '--newest'] },
  { file: 'alone.js', args: ['bulkhead', '--newest'] },
  { file: 'cache.js', args: ['--newest'] },
];

/** The plan of one Node, by its major version. */
export const planFor = (major) => (major >= 22 ? [...everywhere, ...withNewestPeers] : everywhere);

export const nameOf = ({ file }) => file.replace('.js', '');

export const needsNewestPeers = ({ args }) => args.includes('--newest');
