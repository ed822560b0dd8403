import config from './jest.config.js';

/**
 * For Stryker: a mutant of the pure folders has to be killed by the tests beside it. The walk of all interleavings is left out:
 * it takes ten seconds for each mutant, and what it would notice the tables and the model notice too.
 */
export default {
  ...config,
  roots: ['gates', 'retry', 'backoff', 'classify'].map((folder) => `<rootDir>/packages/core/src/${folder}`),
  testPathIgnorePatterns: [...config.testPathIgnorePatterns, '\\.walk\\.test\\.ts$'],
};
