import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const PACKAGES = ['core', 'instrumentation-resilience'];

interface Manifest {
  readonly version: string;
  readonly keywords: readonly string[];
  readonly repository: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly homepage: string;
  readonly bugs: string;
  readonly author: string;
  readonly license: string;
  readonly publishConfig: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
const house = manifestOf('.');
/** The address of the house; the root's manifest is the one place that decides it. */
const address = house.repository.url.replace(/^git\+|\.git$/g, '');

/** Where the links and images of a page lead, with the code in it left out. */
function targetsIn(page: string): string[] {
  const prose = readFileSync(join(root, page), 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, target = '']) => target);
}

describe('what npm shows of a package', () => {
  it.each(PACKAGES)('%s says whose it is, where it is from and how it is published', (folder) => {
    const manifest = manifestOf(`packages/${folder}`);
    expect(manifest).toMatchObject({
      author: house.author,
      license: house.license,
      repository: { type: 'git', url: house.repository.url, directory: `packages/${folder}` },
      homepage: `${address}/tree/main/packages/${folder}#readme`,
      bugs: `${address}/issues`,
      publishConfig: { access: 'public', provenance: true },
    });
    expect(manifest.keywords.length).toBeGreaterThan(4);
    expect(manifest.keywords).toContain('opentelemetry');
  });

  it('has one version, and the packages need each other at that one', () => {
    const { version } = manifestOf('packages/core');
    expect(PACKAGES.map((folder) => manifestOf(`packages/${folder}`).version)).toEqual([version, version]);
    expect(manifestOf('packages/instrumentation-resilience').dependencies).toHaveProperty(['@redress/core'], `^${version}`);
  });

  it.each(PACKAGES)('the README of %s leads nowhere that is not in the package', (folder) => {
    const targets = targetsIn(`packages/${folder}/README.md`);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !/^(https:\/\/|#)/.test(target))).toEqual([]);
  });

  it.each(PACKAGES)('the README of %s names pages of this repository that exist', (folder) => {
    const here = targetsIn(`packages/${folder}/README.md`).filter((target) => target.startsWith(`${address}/`));
    const paths = here.map((target) => target.slice(`${address}/blob/main/`.length).replace(/#.*/, ''));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('every page at the root leads to files that exist', () => {
    for (const page of ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'STABILITY.md']) {
      const local = targetsIn(page).filter((target) => !/^(https:\/\/|#)/.test(target));
      expect({ page, missing: local.filter((target) => !existsSync(join(root, target.replace(/#.*/, '')))) }).toEqual({
        page,
        missing: [],
      });
    }
  });
});
