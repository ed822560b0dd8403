import { PackedProjects } from './PackedProjects.js';
import { runNode } from './runNode.js';

/** Calls are made by one copy, and another is asked for their outcomes. */
const script = (asker: string, caller: string) => `
const [asker, caller] = [await ${asker}, await ${caller}];
const shop = caller.createRegistry().policy('shop', { retry: false, circuitBreaker: {} });
const found = [];
const call = (fn) =>
  shop.call(fn).catch((error) => found.push(asker.outcomeOf(error)?.stopReason === caller.outcomeOf(error).stopReason ? 'found' : 'not found'));

await call(() => { throw new Error('foreign'); });
await call(() => { throw new caller.ServerError('own'); });
shop.circuitBreaker.forceOpen();
await call(() => 'never');
console.log(asker.outcomeOf !== caller.outcomeOf, found.join(' '));
`;
const ESM = `import('@redress/core')`;
const CJS = `createRequire(import.meta.url)('@redress/core')`;

describe('outcomeOf', () => {
  const projects = new PackedProjects();

  beforeAll(() => projects.install(['core']), 120_000);
  afterAll(() => projects.remove());

  it.each([
    { given: 'ESM of a call by the CJS copy', name: 'esm-of-cjs', asker: ESM, caller: CJS },
    { given: 'CJS of a call by the ESM copy', name: 'cjs-of-esm', asker: CJS, caller: ESM },
  ])('finds the outcome for any error: $given', ({ name, asker, caller }) => {
    const main = `import { createRequire } from 'node:module';\n${script(asker, caller)}`;
    const directory = projects.project(name, { 'main.mjs': main });
    expect(runNode(['main.mjs'], directory)).toEqual({ status: 0, output: 'true found found found\n' });
  });
});
