import { join } from 'node:path';
import base from '../../jest.config.js';

const packages = join(import.meta.dirname, 'node_modules/@opentelemetry');

/** The project's own Jest configuration, with every OpenTelemetry package taken from beside this file. */
export default {
  ...base,
  rootDir: join(import.meta.dirname, '../..'),
  testPathIgnorePatterns: [
    ...base.testPathIgnorePatterns,
    // These look at sources, tarballs, documents and other libraries: no line of OpenTelemetry changes them.
    '<rootDir>/test/(api|arrows|backoff-sources|documented|pack|peers|readme|rules-table|types)\\.test\\.ts$',
    '<rootDir>/(bench|scripts|test/pack)/',
  ],
  moduleNameMapper: {
    ...base.moduleNameMapper,
    // The Logs API is part of the API from 1.10 on.
    '^@opentelemetry/api-logs$': join(packages, 'api'),
    '^@opentelemetry/([^/]+)$': join(packages, '$1'),
  },
};
