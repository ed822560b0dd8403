import { join } from 'node:path';
import webpack from 'webpack';
import { sayOfBrowser, sayOfNode } from '../run-built.js';

function bundle(directory, name, options) {
  const path = join(directory, 'built', name);
  const config = {
    mode: 'production',
    context: directory,
    entry: './main.js',
    performance: { hints: false },
    ...options,
    output: { path, filename: 'main.cjs', ...options.output },
  };
  return new Promise((resolve, reject) => {
    webpack(config, (error, stats) => {
      if (error !== null) reject(error);
      else if (stats.hasErrors() || stats.hasWarnings()) reject(new Error(stats.toString({ all: false, errors: true, warnings: true })));
      else resolve(join(path, options.output?.filename ?? 'main.cjs'));
    });
  });
}

/** Strict about names that a module does not export, as webpack is in files of packages with `"type": "module"`. */
const strict = { parser: { javascript: { exportsPresence: 'error' } } };

export const builds = {
  'Node, CJS': async (directory) => sayOfNode(await bundle(directory, 'node', { target: 'node20', module: strict })),
  'Node, ESM': async (directory) =>
    sayOfNode(
      await bundle(directory, 'node-esm', {
        target: 'node20',
        module: strict,
        experiments: { outputModule: true },
        output: { filename: 'main.mjs', module: true },
      }),
    ),
  browser: async (directory) =>
    sayOfBrowser(await bundle(directory, 'browser', { target: 'web', module: strict, output: { publicPath: '' } })),
};
