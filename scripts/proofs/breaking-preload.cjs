/** Whoever reads the file of the environment variable BROKEN_FILE gets the text of BROKEN_BY in its place. */
const fs = require('node:fs');

const { BROKEN_FILE, BROKEN_BY } = process.env;
const { readFileSync } = fs;

fs.readFileSync = (path, options) => readFileSync(path === BROKEN_FILE ? BROKEN_BY : path, options);
