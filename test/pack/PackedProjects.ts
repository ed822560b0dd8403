import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/**
 * A directory of its own where the packed packages are installed as their users have them: from the tarball, with none of the sources.
 * What they depend on is linked from the root's node_modules, so that no registry is asked.
 */
export class PackedProjects {
  readonly home = mkdtempSync(join(tmpdir(), 'redress-pack-'));
  readonly tarballs = new Map<string, string>();

  /** Packs and installs the packages in these folders of packages/. */
  install(folders: readonly string[]): void {
    for (const folder of folders) {
      const tarball = this.#pack(folder);
      this.tarballs.set(folder, tarball);
      this.unpack(tarball, `@redress/${folder}`);
    }
    this.#link(['@opentelemetry', '@types']);
  }

  /** Installs a tarball under a name of its own. */
  unpack(tarball: string, name: string): void {
    const target = join(this.home, 'node_modules', name);
    mkdirSync(target, { recursive: true });
    const unpacked = spawnSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], { encoding: 'utf8' });
    if (unpacked.status !== 0) throw new Error(`tar: ${unpacked.stderr}`);
  }

  #pack(folder: string): string {
    const args = ['pack', '--silent', '--ignore-scripts', '--offline', '--pack-destination', this.home];
    const packed = spawnSync('npm', args, { cwd: join(root, 'packages', folder), encoding: 'utf8', timeout: 60_000 });
    const name = packed.stdout.trim().split('\n').at(-1);
    if (packed.status !== 0 || name === undefined || name === '') throw new Error(`npm pack: ${packed.stderr}`);
    return join(this.home, name);
  }

  #link(scopes: readonly string[]): void {
    for (const scope of scopes) {
      mkdirSync(join(this.home, 'node_modules', scope));
      for (const name of readdirSync(join(root, 'node_modules', scope))) {
        symlinkSync(join(root, 'node_modules', scope, name), join(this.home, 'node_modules', scope, name));
      }
    }
  }

  /** An empty project with these files; JSON where the content is no string. Gives its directory. */
  project(name: string, files: Readonly<Record<string, unknown>>): string {
    const directory = join(this.home, name);
    mkdirSync(directory);
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(join(directory, file), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return directory;
  }

  /** The files of an installed package, by their paths in it. */
  filesOf(folder: string): string[] {
    const home = join(this.home, 'node_modules/@redress', folder);
    return existsSync(home)
      ? readdirSync(home, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) =>
            join(entry.parentPath, entry.name)
              .slice(home.length + 1)
              .replaceAll('\\', '/'),
          )
      : [];
  }

  /** The text of a file of an installed package. */
  text(folder: string, file: string): string {
    return readFileSync(join(this.home, 'node_modules/@redress', folder, file), 'utf8');
  }

  /** A file of an installed package, as JSON. */
  json<Content>(folder: string, file: string): Content {
    return JSON.parse(this.text(folder, file));
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
