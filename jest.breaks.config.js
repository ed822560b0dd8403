import config from './jest.config.js';

/** For `npm run breaks`: the tests as they are, over source with one place changed. */
export default { ...config, transform: { '^.+\\.[jt]s$': '<rootDir>/scripts/breaking-transform.cjs' } };
