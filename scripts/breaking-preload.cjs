/** Whoever reads a certain file gets it with the break of the environment variable BREAK (JSON: file, find, put) in it. */
const fs = require('node:fs');
const { join, resolve } = require('node:path');

const { file, find, put } = JSON.parse(process.env.BREAK);
const broken = join(resolve(__dirname, '..'), file);
const { readFileSync } = fs;

fs.readFileSync = (path, options) => {
  const read = readFileSync(path, options);
  if (path !== broken) return read;
  const text = read.toString().replace(find, () => put);
  return typeof read === 'string' ? text : Buffer.from(text);
};
