import { join } from 'node:path';
import { build, createLogger } from 'vite';
import { sayOfBrowser, sayOfNode } from '../run-built.js';

function strictLogger() {
  const fail = (message) => {
    throw new Error(message);
  };
  return { ...createLogger('silent'), warn: fail, warnOnce: fail };
}

async function bundle(directory, name, options, rest = {}) {
  await build({
    root: directory,
    configFile: false,
    logLevel: 'warn',
    customLogger: strictLogger(),
    ...rest,
    build: { outDir: join(directory, 'built', name), emptyOutDir: true, modulePreload: false, ...options },
  });
  return join(directory, 'built', name);
}

const input = (directory) => join(directory, 'main.js');
const output = (format, extension) => ({ format, entryFileNames: `main.${extension}` });

export const builds = {
  SSR: async (directory) =>
    sayOfNode(join(await bundle(directory, 'ssr', { ssr: input(directory), rollupOptions: { output: output('es', 'mjs') } }), 'main.mjs')),
  'SSR, everything bundled': async (directory) => {
    const options = { ssr: input(directory), rollupOptions: { output: output('es', 'mjs') } };
    return sayOfNode(join(await bundle(directory, 'ssr-whole', options, { ssr: { noExternal: true } }), 'main.mjs'));
  },
  client: async (directory) => {
    const options = { rollupOptions: { input: input(directory), output: output('iife', 'js') } };
    return sayOfBrowser(join(await bundle(directory, 'client', options), 'main.js'));
  },
};
