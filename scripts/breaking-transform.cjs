/** A Jest transform: ts-jest's, over the source with the break of the environment variable BREAK (JSON: file, find, put) in it. */
const { join, resolve } = require('node:path');
const { default: tsJest } = require('ts-jest');

const root = resolve(__dirname, '..');
const base = tsJest.createTransformer({ tsconfig: join(root, 'tsconfig.jest.json') });
const { BREAK } = process.env;
const wanted = BREAK === undefined ? undefined : JSON.parse(BREAK);

/** The source as it shall be run. The cache knows it by its text, so a break never outlives its run. */
function broken(source, path) {
  if (wanted === undefined || path !== join(root, wanted.file)) return source;
  return source.replace(wanted.find, () => wanted.put);
}

module.exports = {
  process: (source, path, options) => base.process(broken(source, path), path, options),
  getCacheKey: (source, path, options) => base.getCacheKey(broken(source, path), path, options),
};
