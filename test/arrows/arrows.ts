import { posix } from 'node:path';
import ts from 'typescript';
import { impuritiesOf } from './impurities.js';
import { importsOf } from './imports.js';

/** A source file: its path from the root, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const CORE = 'packages/core/src/';

/** Where each folder of core may point to, beside itself. The files of src itself are the folder ''. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  engine: ['model'],
  backoff: ['model'],
  classify: ['model'],
  telemetry: ['model'],
  runtime: ['model', 'engine', 'backoff', 'classify', 'telemetry'],
  policy: ['model', 'engine', 'backoff', 'classify', 'telemetry', 'runtime'],
  testing: ['', 'model', 'engine', 'backoff', 'classify', 'telemetry', 'runtime', 'policy'],
  '': ['model', 'engine', 'backoff', 'classify', 'telemetry', 'runtime', 'policy'],
};

/** Folders that are given time and chance, and decide without waiting. */
const PURE = new Set(['model', 'engine', 'backoff']);

/** Which packages of the house a package may import. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'instrumentation-resilience': ['core'],
  monitor: ['core'],
  cli: ['core', 'monitor', 'instrumentation-resilience'],
};

function folderOf(path: string): string {
  const [first, ...rest] = path.slice(CORE.length).split('/');
  return rest.length > 0 && first !== undefined ? first : '';
}

function packageOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** What is wrong with one import, if anything. */
function wrongImport(from: string, specifier: string): string | undefined {
  const home = packageOf(from);
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(from), specifier);
    if (!target.startsWith(`packages/${home}/src/`)) return `leaves its package for ${target}`;
    if (home !== 'core') return undefined;
    const [own, other] = [folderOf(from), folderOf(target)];
    if (ARROWS[own] === undefined) return `stands in ${own}/, a folder without arrows`;
    return own === other || ARROWS[own].includes(other) ? undefined : `points from ${own || 'src'}/ to ${other || 'src'}/`;
  }
  if (specifier.startsWith('@redress/')) {
    const other = specifier.split('/')[1] ?? '';
    return PACKAGES[home]?.includes(other) ? undefined : `points from ${home} to ${other}`;
  }
  if (home !== 'core') return undefined;
  if (!specifier.startsWith('@opentelemetry/')) return `imports ${specifier}`;
  const folder = folderOf(from);
  if (folder === 'testing' || (folder === 'telemetry' && specifier === '@opentelemetry/api')) return undefined;
  return `imports ${specifier} in ${folder || 'src'}/`;
}

/** Every arrow that points the wrong way and every impurity of a pure folder, as `path:line what is wrong`. */
export function violations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    const imports = importsOf(source).flatMap(({ specifier, line }) => {
      const wrong = wrongImport(path, specifier);
      return wrong === undefined ? [] : [`${path}:${line} ${wrong}`];
    });
    if (!path.startsWith(CORE) || !PURE.has(folderOf(path))) return imports;
    return [...imports, ...impuritiesOf(source).map((found) => `${path}:${found}`)];
  });
}

/** The files of each cycle of imports that is still there when the types are gone. */
export function cycles(sources: readonly Source[]): string[] {
  const known = new Set(sources.map(({ path }) => path));
  const targets = new Map(
    sources.map(({ path, text }) => {
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      const files = importsOf(source)
        .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
        .map(({ specifier }) => posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts'));
      return [path, files.filter((file) => known.has(file))] as const;
    }),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of known) walk(path, []);
  return found;
}
