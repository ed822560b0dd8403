import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

describe('[call.caller-context] the store of a call that is over', () => {
  it('is not kept alive by another call that hangs', () => {
    const said = execFileSync(process.execPath, ['--expose-gc', join(__dirname, 'storeOutlived.mjs')], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(said).toBe('let go\n');
  });
});
