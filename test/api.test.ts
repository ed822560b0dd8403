import { join } from 'node:path';
import { runNode } from './pack/runNode.js';

describe('the reports of the public surface', () => {
  it('say what the build gives, and every type they show is exported', () => {
    expect(runNode(['scripts/api.js', '--check'], join(__dirname, '..'))).toEqual({ status: 0, output: '' });
  }, 120_000);
});
