import { join } from 'node:path';
import ts from 'typescript';

const entry = join(__dirname, '../packages/core/src/index.ts');

/** Each function that the front door exports from backoff/, with its doc comment on one line. */
function documentedBackoffs(): { readonly name: string; readonly doc: string }[] {
  const program = ts.createProgram([entry], { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error('core has no front door');
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
    const isBackoff = symbol.declarations?.some(
      (node) => ts.isFunctionDeclaration(node) && node.getSourceFile().fileName.includes('/src/backoff/'),
    );
    if (isBackoff !== true) return [];
    return [{ name: exported.name, doc: ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ') }];
  });
}

describe('the doc comments of the backoffs', () => {
  const backoffs = documentedBackoffs();

  it('are all there', () => {
    expect(backoffs.map(({ name }) => name)).toEqual(expect.arrayContaining(['decorrelatedJitter', 'constant', 'retryAfterOr']));
  });

  it.each(backoffs)('[retry.backoff-cites-source] $name says where it comes from', ({ doc }) => {
    expect(doc).toMatch(/Source: \S.{20,}/);
  });
});
