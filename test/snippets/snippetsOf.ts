import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '../..');

/** One block of TypeScript on a page. */
export interface Snippet {
  /** The page and the line of its first line, as in `README.md:12`. */
  readonly where: string;
  readonly text: string;
  /** What its `console.log(…); // comment` lines say that they print, in order. */
  readonly prints: readonly string[];
}

/** The blocks marked `ts` of a page, by its path from the root. */
export function snippetsOf(page: string): readonly Snippet[] {
  const source = readFileSync(join(root, page), 'utf8');
  return [...source.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(({ index, 1: text = '' }) => ({
    where: `${page}:${source.slice(0, index).split('\n').length + 1}`,
    text,
    prints: [...text.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment = '']) => comment.trim()),
  }));
}
