/**
 * Bundles the entries of a package with esbuild: one file per entry and module system.
 *
 * What two entries reach must exist once in a process: the telemetry hub, WeakMaps, classes. So a source file belongs to the
 * first entry that reaches it, and a later entry imports it from that entry's file, of its own module system. The owner gives
 * what is asked for through one more export, `__redress`, which the types do not show. What that is, is found by bundling;
 * no file is named here.
 */
import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SHARED = '__redress';
const OWNED = 'owned';
const IMPORT_OF_OWNED = new RegExp(`^import (?:\\{([^}]*)\\} from )?"${OWNED}:([^"]+)";$`, 'gm');
const { compilerOptions } = JSON.parse(readFileSync(fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url)), 'utf8'));

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  write: false,
  legalComments: 'none',
  // Else the root's tsconfig.json would lead from one package to the sources of another.
  tsconfigRaw: { compilerOptions },
  logLevel: 'error',
};

const NAMES = '@opentelemetry/semantic-conventions';

/** OpenTelemetry's names are strings: a package that does not depend on those who define them has them written into what is published. */
function inlineNames(home) {
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return {
    name: 'inline-names',
    setup({ onResolve }) {
      if (dependencies?.[NAMES] !== undefined) return;
      const path = fileURLToPath(import.meta.resolve(NAMES));
      onResolve({ filter: new RegExp(`^${NAMES}$`) }, () => ({ path, sideEffects: false }));
    },
  };
}

/** What esbuild only warns of, as `import.meta` in CommonJS, would be a fault in what is published. */
async function strictly(options) {
  const result = await build({ ...common, ...options });
  if (result.warnings.length > 0) throw new Error(result.warnings.map(({ text, location }) => `${location?.file}: ${text}`).join('\n'));
  return result;
}

/** Sends every import of a file that an earlier entry owns to `answer`. */
function redirect(src, owners, answer) {
  return {
    name: 'redirect',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^\./ }, async ({ path, pluginData, ...args }) => {
        if (pluginData === OWNED || args.namespace === OWNED) return undefined;
        const found = await resolve(path, { ...args, pluginData: OWNED });
        const file = relative(src, found.path).replaceAll('\\', '/');
        return found.errors.length === 0 && owners.has(file) ? answer(file) : found;
      });
    },
  };
}

/** Which entry owns each source file, and what later entries import of it. */
async function divide(home, entries) {
  const src = join(home, 'src');
  const owners = new Map();
  const asked = new Map();
  for (const { name, source } of entries) {
    const plugin = redirect(src, owners, (file) => ({ path: `${OWNED}:${file}`, external: true }));
    const result = await strictly({
      absWorkingDir: src,
      entryPoints: [source],
      outfile: 'out.js',
      format: 'esm',
      metafile: true,
      plugins: [plugin, inlineNames(home)],
    });
    const [{ text }] = result.outputFiles;
    for (const [, names = '', file] of text.matchAll(IMPORT_OF_OWNED)) {
      const wanted = asked.get(file) ?? asked.set(file, new Set()).get(file);
      for (const each of names.split(',')) if (each.trim() !== '') wanted.add(each.trim().split(' as ')[0]);
    }
    if (text.replaceAll(IMPORT_OF_OWNED, '').includes(`"${OWNED}:`))
      throw new Error(`${source} imports everything (\`* as\`) of a file that an earlier entry has; name what it needs`);
    const [{ inputs }] = Object.values(result.metafile.outputs);
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) if (bytesInOutput > 0) owners.set(file, name);
  }
  for (const file of asked.keys()) {
    // The value would be copied when the later entry loads, and no change be seen.
    if (/^export (let|var) /m.test(readFileSync(join(src, file), 'utf8'))) throw new Error(`${file}: a shared file exports constants only`);
  }
  return { owners, asked };
}

/** The name under which an owner gives what a file exports: two files may export the same name. */
const keyOf = (file, name) => `${file.replace(/\.ts$/, '')}#${name}`;

/** An entry as it is bundled: its own exports, and what later entries need of its files. */
function withShared({ name, source }, { owners, asked }) {
  const files = [...asked].filter(([file, names]) => owners.get(file) === name && names.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const given = files.flatMap(([file, names], at) => [...names].sort().map((each, nth) => ({ file, each, local: `_${at}_${nth}` })));
  return [
    `export * from './${source}';`,
    ...given.map(({ file, each, local }) => `import { ${each} as ${local} } from './${file}';`),
    // Getters, and so nothing that a bundler of an application would have to keep for its side effects.
    given.length === 0
      ? ''
      : `export const ${SHARED} = { ${given.map(({ file, each, local }) => `get ${JSON.stringify(keyOf(file, each))}() { return ${local}; }`).join(', ')} };`,
  ].join('\n');
}

/** Gives a later entry the files that earlier ones own. A barrel is nobody's to the entry that only passes through it. */
function fromOwner(src, { owners, asked }, earlier) {
  return {
    name: 'from-owner',
    setup(builder) {
      const others = new Map([...owners].filter(([, owner]) => earlier.includes(owner)));
      redirect(src, others, (file) => ({ path: file, namespace: OWNED, sideEffects: false })).setup(builder);
      builder.onResolve({ filter: /.*/, namespace: OWNED }, ({ path }) => ({ path, external: true }));
      builder.onLoad({ filter: /.*/, namespace: OWNED }, ({ path: file }) => ({
        contents: [
          `import { ${SHARED} } from './${owners.get(file)}.js';`,
          ...[...(asked.get(file) ?? [])].map((name) => `export const ${name} = ${SHARED}[${JSON.stringify(keyOf(file, name))}];`),
        ].join('\n'),
      }));
    },
  };
}

async function bundleEntry(home, entry, earlier, format, division) {
  const src = join(home, 'src');
  const result = await strictly({
    absWorkingDir: src,
    stdin: { contents: withShared(entry, division), resolveDir: src, sourcefile: `../dist/${format}/${entry.name}.js` },
    outfile: join(home, 'dist', format, `${entry.name}.js`),
    format,
    sourcemap: true,
    // Lines made here are the bundle's own. The package has its sources once; both module systems' maps point to them.
    sourcesContent: false,
    plugins: [fromOwner(src, division, earlier), inlineNames(home)],
  });
  return result.outputFiles.map(({ path, text }) => [basename(path), path.endsWith('.js') ? withClassNames(text) : text]);
}

/** esbuild calls a class that names itself `_Name`, and so would a stack trace, an inspector and `constructor.name`. */
function withClassNames(text) {
  const renamed = new Map([...text.matchAll(/^var \w+ = class _(\w+) /gm)].map(([, name]) => [`_${name}`, name]));
  return text.replaceAll(/\b_\w+\b/g, (word) => renamed.get(word) ?? word);
}

/** The files of each module system, by name. */
export async function bundle(home, entries) {
  const division = await divide(home, entries);
  const jobs = entries.flatMap((entry, at) => {
    const earlier = entries.slice(0, at).map(({ name }) => name);
    return entry.formats.map(async (format) => ({ format, files: await bundleEntry(home, entry, earlier, format, division) }));
  });
  const files = new Map();
  for (const job of await Promise.all(jobs)) files.set(job.format, new Map([...(files.get(job.format) ?? []), ...job.files]));
  return files;
}
