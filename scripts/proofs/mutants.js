/** Stryker, for one file and the tests of its rules. */
import { Stryker } from '@stryker-mutator/core';

/** Breaks a file in every place that Stryker knows, one at a time, under some test files. */
export function mutantsOf({ file, testFiles, force }) {
  const stryker = new Stryker({
    configFile: 'stryker.config.json',
    mutate: [file],
    jest: {
      configFile: 'jest.mutation.config.js',
      config: { roots: ['<rootDir>/packages'], testMatch: testFiles.map((test) => `<rootDir>/${test}`) },
      enableFindRelatedTests: false,
    },
    // All the tests that a mutant turns red, not the first one.
    disableBail: true,
    incrementalFile: `reports/proofs/${file.replaceAll('/', '+')}.json`,
    force,
    reporters: [],
    logLevel: 'error',
    thresholds: { high: 100, low: 0, break: null },
    allowEmpty: true,
  });
  return stryker.runMutationTest();
}
