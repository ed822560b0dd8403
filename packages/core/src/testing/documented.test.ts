import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The examples in this folder's doc comments run as they stand. */
const examples = readdirSync(__dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(__dirname, file), 'utf8');
    return [...text.matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```$/gm)].map(([, block = '']) => ({
      file,
      code: block.replace(/^ *\* ?/gm, ''),
    }));
  })
  .filter(({ code }) => code.includes('import '));

/** Statements such as `stock; // 'in stock'` and `await call; //  'in stock'` become comparisons. */
function withComparisons(code: string): string {
  return code.replace(/^(\S[^\n]*); \/\/ +(.+)$/gm, (line, statement: string, value: string) => {
    return /^('|\d)/.test(value) && !/^(const|let|import) /.test(statement) ? `expect(${statement}).toEqual(${value});` : line;
  });
}

describe('examples of the documentation', () => {
  it('are found', () => {
    expect(examples.map(({ file }) => file)).toEqual([
      'FakeCircuit.ts',
      'FakeClock.ts',
      'fakePolicy.ts',
      'inMemoryTelemetry.ts',
      'recordPolicy.ts',
      'script.ts',
    ]);
  });

  it.each(examples)('$file', async ({ code }) => {
    const { outputText } = ts.transpileModule(withComparisons(code), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    expect(outputText).toContain('expect(');
    const run = new Function('require', 'exports', `return (async () => { ${outputText} })()`);
    await run(require, {});
  });
});
