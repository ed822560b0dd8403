import { SnippetHome } from './SnippetHome.js';
import { snippetsOf } from './snippetsOf.js';

/** Tests that the TypeScript of these pages compiles, runs, and prints what it says. */
export function describeSnippets(pages: readonly string[]): void {
  const snippets = pages.flatMap(snippetsOf);

  describe('the snippets', () => {
    let home: SnippetHome;
    beforeAll(async () => {
      home = await SnippetHome.open();
    });
    afterAll(() => home.close());

    it('compile as a user compiles them', () => {
      expect(home.errorsOf(snippets)).toEqual([]);
    });

    it.each(snippets)('run: $where', async (snippet) => {
      expect(await home.run(snippet)).toEqual({ ended: true, stderr: '', printed: snippet.prints });
    });
  });
}
