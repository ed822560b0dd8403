import { join } from 'node:path';
import { build } from 'esbuild';
import { sayOfBrowser, sayOfNode } from '../run-built.js';

async function bundle(directory, name, options) {
  const outfile = join(directory, 'built', name);
  const { warnings } = await build({
    entryPoints: [join(directory, 'main.js')],
    bundle: true,
    minify: true,
    outfile,
    logLevel: 'silent',
    ...options,
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  return outfile;
}

export const builds = {
  'Node, ESM': async (directory) =>
    sayOfNode(await bundle(directory, 'node.mjs', { platform: 'node', format: 'esm', mainFields: ['module', 'main'] })),
  'Node, CJS': async (directory) => sayOfNode(await bundle(directory, 'node.cjs', { platform: 'node', format: 'cjs' })),
  browser: async (directory) => sayOfBrowser(await bundle(directory, 'browser.js', { platform: 'browser', format: 'iife' })),
};
