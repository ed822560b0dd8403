import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from './version.js';

it("the version is that of the package's manifest", () => {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  expect(manifest).toHaveProperty('version', VERSION);
});
