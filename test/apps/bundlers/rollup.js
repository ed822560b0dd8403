import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import commonjs from '@rollup/plugin-commonjs';
import { rollup } from 'rollup';
import { sayOfBrowser, sayOfNode } from '../run-built.js';

/** The OpenTelemetry API's own warning about `this` in what TypeScript made of it is not ours. */
const isOfApi = ({ code, id }) => code === 'THIS_IS_UNDEFINED' && id?.includes('@opentelemetry');

async function bundle(directory, name, format, browser) {
  const file = join(directory, 'built', name);
  const bundled = await rollup({
    input: join(directory, 'main.js'),
    plugins: [nodeResolve({ browser, preferBuiltins: !browser }), commonjs()],
    onwarn(warning) {
      if (!isOfApi(warning)) throw new Error(warning.message);
    },
  });
  await bundled.write({ file, format });
  await bundled.close();
  return file;
}

export const builds = {
  'Node, ESM': async (directory) => sayOfNode(await bundle(directory, 'node.mjs', 'es', false)),
  'Node, CJS': async (directory) => sayOfNode(await bundle(directory, 'node.cjs', 'cjs', false)),
  browser: async (directory) => sayOfBrowser(await bundle(directory, 'browser.js', 'iife', true)),
};
