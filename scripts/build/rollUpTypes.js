/**
 * Rolls up the declarations of a package: one file per entry, and one, shared.d.ts, for what several entries show, so that a
 * class with private fields is the same class through each of them. No entry of the package leads to that file alone.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS } from './entries.js';

const SHARED = 'shared';

/** Everything the result depends on; declarations change seldom, and rolling them up is the slowest part of a build. */
function fingerprint(types, entries) {
  const hash = createHash('sha256')
    .update(JSON.stringify(entries))
    .update(readFileSync(import.meta.filename));
  const files = readdirSync(types, { recursive: true }).filter((file) => file.endsWith('.d.ts'));
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(types, file)));
  return hash.digest('hex');
}

function cached(path, key) {
  try {
    const cache = JSON.parse(readFileSync(path, 'utf8'));
    return cache.key === key ? cache.files : undefined;
  } catch {
    return undefined;
  }
}

/** The modules that more than one entry reaches. */
function sharedModules(getModuleInfo, entryIds) {
  const counts = new Map();
  for (const entry of entryIds) {
    const reached = new Set([entry]);
    for (const id of reached) for (const next of getModuleInfo(id)?.importedIds ?? []) reached.add(next);
    for (const id of reached) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return new Set([...counts].filter(([id, count]) => count > 1 && !entryIds.has(id)).map(([id]) => id));
}

async function rollUp(types, entries) {
  const [{ rollup }, { dts }] = await Promise.all([import('rollup'), import('rollup-plugin-dts')]);
  const input = Object.fromEntries(entries.map(({ name, source }) => [name, join(types, source.replace(/\.ts$/, '.d.ts'))]));
  const entryIds = new Set(Object.values(input));
  const bundled = await rollup({
    input,
    plugins: [dts()],
    external: (id) => !/^[./]/.test(id),
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  let shared;
  const { output } = await bundled.generate({
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: '[name].d.ts',
    minifyInternalExports: false,
    hoistTransitiveImports: false,
    manualChunks: (id, { getModuleInfo }) => {
      shared ??= sharedModules(getModuleInfo, entryIds);
      return shared.has(id) ? SHARED : undefined;
    },
  });
  await bundled.close();
  return Object.fromEntries(output.map(({ fileName, code }) => [fileName, code]));
}

/** The declaration files of each module system, by name. */
export async function rollUpTypes(home, entries, isForced) {
  const types = join(home, 'dist/.types');
  const cache = join(types, '.rolled.json');
  const key = fingerprint(types, entries);
  let files = isForced ? undefined : cached(cache, key);
  if (files === undefined) {
    files = {};
    const rolled = new Map();
    for (const format of FORMATS) {
      const ofFormat = entries.filter(({ formats }) => formats.includes(format));
      const names = ofFormat.map(({ name }) => name).join();
      if (!rolled.has(names)) rolled.set(names, await rollUp(types, ofFormat));
      files[format] = rolled.get(names);
    }
    writeFileSync(cache, JSON.stringify({ key, files }));
  }
  return new Map(FORMATS.map((format) => [format, Object.entries(files[format] ?? {})]));
}
