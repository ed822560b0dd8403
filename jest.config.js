/** Tests run from source; `npm test` type-checks first, so ts-jest only transpiles. */
export default {
  testEnvironment: 'node',
  // Jest's 5 s are little where other programs use the machine too; what hangs is told all the same.
  testTimeout: 20_000,
  // Jest would leave one of two cores idle.
  maxWorkers: '100%',
  roots: ['<rootDir>/packages', '<rootDir>/test', '<rootDir>/bench', '<rootDir>/examples', '<rootDir>/scripts'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: { '^.+\\.[jt]s$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.jest.json' }] },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@redress/core$': '<rootDir>/packages/core/src/index.ts',
    '^@redress/core/telemetry$': '<rootDir>/packages/core/src/telemetry/index.ts',
    '^@redress/core/testing$': '<rootDir>/packages/core/src/testing/index.ts',
    '^@redress/instrumentation-resilience$': '<rootDir>/packages/instrumentation-resilience/src/index.ts',
  },
};
