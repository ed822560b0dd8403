/** A Jest reporter: counts, and every test's title and file, for scripts/test.js and scripts/rules.js. */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join, relative, sep } = require('node:path');

module.exports = class JestReport {
  constructor(globalConfig) {
    this.root = globalConfig.rootDir;
  }

  onRunComplete(_contexts, results) {
    const brokenFiles = results.testResults.filter((file) => file.testExecError && file.testResults.length === 0).length;
    const tests = results.testResults.flatMap((file) =>
      file.testResults.map((test) => ({
        file: relative(this.root, file.testFilePath).split(sep).join('/'),
        name: test.fullName,
        status: test.status,
      })),
    );
    const count = (...statuses) => tests.filter((test) => statuses.includes(test.status)).length;
    const summary = {
      passed: count('passed'),
      failed: count('failed') + brokenFiles,
      skipped: count('pending', 'skipped', 'todo', 'disabled'),
      tests,
    };
    mkdirSync(join(this.root, '.test-results'), { recursive: true });
    writeFileSync(join(this.root, '.test-results/tests.json'), JSON.stringify(summary));
  }
};
