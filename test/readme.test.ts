import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runNode } from './pack/runNode.js';
import { describeSnippets } from './snippets/describeSnippets.js';
import { root } from './snippets/snippetsOf.js';

// Compiling once and starting Node for each snippet takes seconds on a busy machine.
jest.setTimeout(120_000);

const filesIn = (folder: string): readonly string[] => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The README of the house and of each room, and the docs. */
const pages = [
  'README.md',
  ...[...filesIn('packages'), ...filesIn('examples')].map((folder) => `${folder}/README.md`).filter((page) => existsSync(join(root, page))),
  ...filesIn('docs').filter((file) => file.endsWith('.md')),
];

/** The instrumentation's snippets are the instrumentation's to test. */
describeSnippets(pages.filter((page) => page !== 'packages/instrumentation-resilience/README.md'));

/** A page without its code, in which brackets are no links. */
const prose = (page: string): string => read(page).replaceAll(/^```[\s\S]*?^```$/gm, '');

/** The anchors of a page's headings, as GitHub makes them. */
const anchors = (page: string): readonly string[] =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    return heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
  });

const links = pages.flatMap((page) =>
  [...prose(page).matchAll(/(?:\]\(|\bsrc(?:set)?=")([^)"\s]+)/g)]
    .map(([, target = '']) => ({ page, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target)),
);

describe('the links', () => {
  it.each(links)('of $page: $target is there', ({ page, target }) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    expect(existsSync(join(root, file))).toBe(true);
    if (anchor !== undefined) expect(anchors(file)).toContain(anchor);
  });
});

/** Scripts of package.json that a page names, and files that its commands name. */
const scripts = new Set(pages.flatMap((page) => [...read(page).matchAll(/\bnpm (?:run )?(?:-s )?([\w:]+)/g)].map(([, name = '']) => name)));
const files = new Set(pages.flatMap((page) => [...read(page).matchAll(/(?<![\w./-])(?:ops|scripts)\/[\w./-]+\w/g)].map(([file]) => file)));

describe('the commands', () => {
  const known: unknown = JSON.parse(read('package.json')).scripts;

  it.each([...scripts].filter((name) => !['ci', 'install'].includes(name)))('npm run %s is one', (name) => {
    expect(known).toHaveProperty([name]);
  });

  it.each([...files])('%s is there', (file) => {
    expect(existsSync(join(root, file))).toBe(true);
  });
});

describe('the tables of options', () => {
  it('say what the doc comments say', () => {
    expect(runNode(['scripts/options.js', '--check'], root)).toEqual({ status: 0, output: '' });
  });
});
