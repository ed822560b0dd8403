/** test/rules.yaml, and which tests carry which rule's id. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Every rule in the order of rules.yaml: its id, and the files in which it is decided. */
export function readRules(root) {
  const sections = Object.values(parse(readFileSync(join(root, 'test/rules.yaml'), 'utf8')));
  return sections.flatMap(({ rules }) => rules.map(({ id, in: places }) => ({ id, files: [places ?? []].flat() })));
}

/** The test files in whose text an id stands, by id: a title may be put together from a table, so brackets are not asked for. */
export function testFilesById(root, ids) {
  const texts = testFiles(root).map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
  return new Map(ids.map((id) => [id, texts.filter(({ text }) => mentions(text, id)).map(({ file }) => file)]));
}

function testFiles(root) {
  const within = (folder, recursive) => {
    const names = readdirSync(join(root, folder), { recursive });
    return names.filter((name) => name.endsWith('.test.ts')).map((name) => `${folder}/${name}`);
  };
  const packages = readdirSync(join(root, 'packages'));
  // Deeper in test/ are those of what was built, which no change of the source reaches.
  return [...packages.flatMap((name) => within(`packages/${name}/src`, true)), ...within('test', false)];
}

/** `retry.abort` is not mentioned where `retry.abort-wakes-sleep` is. */
function mentions(text, id) {
  return new RegExp(`(?<![a-z0-9.-])${id.replaceAll('.', '\\.')}(?![a-z0-9-])`).test(text);
}
