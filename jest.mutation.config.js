import config from './jest.config.js';

/** What takes seconds for each mutant, and would notice little that the tables do not: all interleavings, chance, real requests, masses. */
const slow = ['walk', 'anyCall', 'realFetch', 'bounds'].map((name) => `[/.]${name}\\.test\\.ts$`);

/** For Stryker: a mutant of the pure folders has to be killed by the tests beside it. */
export default {
  ...config,
  roots: ['gates', 'retry', 'backoff', 'classify'].map((folder) => `<rootDir>/packages/core/src/${folder}`),
  testPathIgnorePatterns: [...config.testPathIgnorePatterns, ...slow],
  // Who hangs is a red test before Stryker gives the mutant up.
  testTimeout: 3_000,
};
