import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function contentOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Leaves exactly these files in a folder. One that is as it should be is not touched: a program may be running from it. */
export function writeOnly(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name), { recursive: true });
  for (const [name, content] of files) if (contentOf(join(folder, name)) !== content) writeFileSync(join(folder, name), content);
}
