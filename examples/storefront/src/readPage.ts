import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { PageFile } from './receiver/startReceiver.js';

const types: Readonly<Record<string, string>> = { '.css': 'text/css', '.js': 'text/javascript' };

/** Reads the page and what it loads: `index.html`, and beside it styles and scripts, which are served at `/page/`. */
export async function readPage(folder: URL): Promise<{ readonly page: string; readonly files: ReadonlyMap<string, PageFile> }> {
  const files = new Map<string, PageFile>();
  for (const name of await readdir(folder)) {
    const type = types[extname(name)];
    if (type !== undefined) {
      files.set(`/page/${name}`, { type, text: await readFile(new URL(name, folder), 'utf8') });
    }
  }
  return { page: await readFile(new URL('index.html', folder), 'utf8'), files };
}
