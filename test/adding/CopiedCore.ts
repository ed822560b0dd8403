import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** What of the repository is needed to change core and to run it. */
const PARTS = [
  'packages/core/src',
  'packages/core/package.json',
  'semconv',
  'scripts',
  'biome.json',
  'package.json',
  'docs/telemetry.md',
  'tsconfig.base.json',
];

/** A copy of core's sources to change by hand, as whoever adds something would, and to check and run what comes of it. */
export class CopiedCore {
  readonly home: string;

  constructor() {
    mkdirSync(join(root, '.test-results'), { recursive: true });
    this.home = mkdtempSync(join(root, '.test-results/copied-'));
    for (const part of PARTS)
      cpSync(join(root, part), join(this.home, part), { recursive: true, filter: (path) => !/\.test\.ts$/.test(path) });
    symlinkSync(join(root, 'node_modules'), join(this.home, 'node_modules'), 'dir');
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.home, path), text);
  }

  /** Puts text in place of text that stands there once. */
  change(path: string, find: string, put: string): void {
    const text = readFileSync(join(this.home, path), 'utf8');
    if (text.split(find).length !== 2) throw new Error(`${path} does not say once: ${find}`);
    this.write(
      path,
      text.replace(find, () => put),
    );
  }

  shell(commands: string): string {
    return execFileSync('bash', ['-eu', '-c', commands], { cwd: this.home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** What the type checker says; empty when it has nothing to say. */
  check(): string {
    const options = { extends: '../tsconfig.base.json', compilerOptions: { noEmit: true, declaration: false, declarationMap: false } };
    this.write('packages/tsconfig.json', JSON.stringify({ ...options, files: ['core/src/index.ts'] }));
    try {
      execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'packages/tsconfig.json'], {
        cwd: this.home,
        encoding: 'utf8',
      });
      return '';
    } catch (error) {
      return String((error as { readonly stdout?: unknown }).stdout);
    }
  }

  /** What a program says that imports from `./index.js` of the changed core. */
  run(program: string): string {
    this.write('packages/core/src/program.ts', program);
    const bundle = join(this.home, 'program.mjs');
    const args = [
      'packages/core/src/program.ts',
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--external:@opentelemetry/*',
      `--outfile=${bundle}`,
    ];
    execFileSync(join(root, 'node_modules/.bin/esbuild'), [...args, '--log-level=error'], { cwd: this.home });
    return execFileSync(process.execPath, [bundle], { cwd: this.home, encoding: 'utf8', timeout: 15_000 });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
