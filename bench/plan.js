/** Every scenario of the bench, in the order of the report. Each has a process of its own: an SDK is there for the whole of a process. */
export const plan = [
  { file: 'no-sdk.js', args: ['cockatiel'] },
  { file: 'no-sdk.js', args: ['opossum'] },
  { file: 'no-sdk.js', args: ['p-retry'] },
  { file: 'signal.js', args: [] },
  { file: 'telemetry.js', args: [] },
  { file: 'telemetry.js', args: ['--signal'] },
  { file: 'telemetry.js', args: ['--spans'] },
  { file: 'telemetry.js', args: ['--spans', '--signal'] },
  { file: 'rejection.js', args: [] },
  { file: 'allocation.js', args: [] },
  { file: 'waiting.js', args: [] },
  { file: 'growth.js', args: [] },
  { file: 'collection.js', args: [] },
];
