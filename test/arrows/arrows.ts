import { posix } from 'node:path';
import ts from 'typescript';
import { isPure, OTEL_ROOMS, ROOMS } from './house.js';
import { impuritiesOf } from './impurities.js';
import { importsOf } from './imports.js';

/** A source file: its path from the root, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const CORE = 'packages/core/src/';
/** The one file that knows OpenTelemetry's own names. */
const NAMES = `${CORE}telemetry/port/semconv.ts`;

/** Which packages of the house a package may import. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'instrumentation-resilience': ['core'],
  monitor: ['core'],
  cli: ['core', 'monitor', 'instrumentation-resilience'],
};

/** The room of a file of core; undefined for a folder that nobody drew. */
function roomOf(path: string): string | undefined {
  const inside = path.slice(CORE.length);
  const fits = Object.keys(ROOMS).filter((room) => inside === room || inside.startsWith(`${room}/`));
  return fits.sort((a, b) => b.length - a.length)[0];
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
    const [own, other] = [roomOf(from), roomOf(target.replace(/\.js$/, '.ts'))];
    if (own === undefined) return `stands in no room of the house`;
    return own === other || (other !== undefined && ROOMS[own]?.includes(other)) ? undefined : `points from ${own} to ${other}`;
  }
  if (specifier.startsWith('@redress/')) {
    const other = specifier.split('/')[1] ?? '';
    return PACKAGES[home]?.includes(other) ? undefined : `points from ${home} to ${other}`;
  }
  if (home !== 'core') return undefined;
  if (!specifier.startsWith('@opentelemetry/')) return `imports ${specifier}`;
  // Strings alone, which the build writes into what is published.
  if (from === NAMES && specifier === '@opentelemetry/semantic-conventions') return undefined;
  const room = roomOf(from) ?? '';
  if (room === 'testing' || (OTEL_ROOMS.has(room) && specifier === '@opentelemetry/api')) return undefined;
  return `imports ${specifier} in ${room}`;
}

/** Every arrow that points the wrong way and every impurity of a pure folder, as `path:line what is wrong`. */
export function violations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    const all = importsOf(source);
    const imports = all.flatMap(({ specifier, line }) => {
      const wrong = wrongImport(path, specifier);
      return wrong === undefined ? [] : [`${path}:${line} ${wrong}`];
    });
    const specifiers = all.map(({ specifier }) => specifier);
    if (!path.startsWith(CORE) || !isPure(roomOf(path) ?? '', path, specifiers)) return imports;
    return [...imports, ...impuritiesOf(source).map((found) => `${path}:${found}`)];
  });
}

/** The files of each cycle of imports, those of types included: a reader has to hold all of them at once. */
export function cycles(sources: readonly Source[]): string[] {
  const known = new Set(sources.map(({ path }) => path));
  const targets = new Map(
    sources.map(({ path, text }) => {
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      const files = importsOf(source)
        .filter(({ specifier }) => specifier.startsWith('.'))
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

/** So many lines, and a file is more than one idea. */
const MOST_LINES = 300;

/** Files that are longer than one idea, but for those that are generated. */
export function tooLong(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    return lines > MOST_LINES && !text.startsWith('// Made by ') ? [`${path} has ${lines} lines`] : [];
  });
}

/** Classes of one name in one package: two things that a reader takes for one. */
export function namesakes(sources: readonly Source[]): string[] {
  const homes = new Map<string, string[]>();
  for (const { path, text } of sources) {
    for (const statement of ts.createSourceFile(path, text, ts.ScriptTarget.ES2022).statements) {
      if (!ts.isClassDeclaration(statement) || statement.name === undefined) continue;
      const name = `${packageOf(path)}: ${statement.name.text}`;
      homes.set(name, [...(homes.get(name) ?? []), path]);
    }
  }
  return [...homes].flatMap(([name, paths]) => (paths.length > 1 ? [`${name} in ${paths.join(' and ')}`] : []));
}
