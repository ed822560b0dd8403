import config from './jest.config.js';

/**
 * For Stryker: a mutant of the pure folders has to be killed by the tests beside it. The walk of all interleavings and the calls by
 * chance are left out: they take seconds for each mutant, and what they would notice the tables and the model notice too.
 */
export default {
  ...config,
  roots: ['gates', 'retry', 'backoff', 'classify'].map((folder) => `<rootDir>/packages/core/src/${folder}`),
  testPathIgnorePatterns: [...config.testPathIgnorePatterns, '\\.walk\\.test\\.ts$', '/anyCall\\.test\\.ts$'],
  // Who hangs is a red test before Stryker gives the mutant up.
  testTimeout: 5_000,
};
