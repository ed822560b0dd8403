/**
 * Preloaded into every child process of the tests under OpenTelemetry's second line: whoever asks for one of its packages,
 * from wherever, gets the one installed beside this file.
 */
const Module = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const manifest = join(__dirname, 'package.json');
const isOurs = (specifier) => specifier.startsWith('@opentelemetry/');

// `import` goes by hooks; of `require`, hooks see neither the parent that they name nor `require.resolve`.
Module.registerHooks({
  resolve: (specifier, context, nextResolve) =>
    nextResolve(specifier, isOurs(specifier) ? { ...context, parentURL: pathToFileURL(manifest).href } : context),
});

const resolveFilename = Module._resolveFilename;
const home = { ...new Module(manifest), filename: manifest, paths: Module._nodeModulePaths(__dirname) };
Module._resolveFilename = (request, parent, ...rest) => resolveFilename(request, isOurs(request) ? home : parent, ...rest);
