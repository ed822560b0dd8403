import { join } from 'node:path';
import ts from 'typescript';

const entry = join(__dirname, '../packages/core/src/index.ts');

/** Public names of core, `Type.member` included, with whether a doc comment says what each is. */
function publicNames(): ReadonlyMap<string, boolean> {
  const { NodeNext } = ts.ModuleKind;
  const program = ts.createProgram([entry], {
    strict: true,
    module: NodeNext,
    target: ts.ScriptTarget.ES2022,
    noResolve: false,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error('core has no entry');
  const names = new Map<string, boolean>();
  // Of the overloads of one name, one is enough to carry it.
  const add = (name: string, node: ts.Node): void => {
    names.set(name, names.get(name) === true || ts.getJSDocCommentsAndTags(node).length > 0);
  };
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    for (const declaration of symbol.declarations ?? []) {
      add(symbol.name, declaration);
      if (!ts.isInterfaceDeclaration(declaration) && !ts.isClassDeclaration(declaration)) continue;
      for (const member of declaration.members) if (isPublic(member)) add(`${symbol.name}.${member.name?.getText()}`, member);
    }
  }
  return names;
}

/** What an override is, is said where it overrides. */
function isPublic(member: ts.TypeElement | ts.ClassElement): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Override;
  return member.name !== undefined && !ts.isPrivateIdentifier(member.name) && (ts.getCombinedModifierFlags(member) & hidden) === 0;
}

describe('the public names of core', () => {
  const names = publicNames();

  it('are found, members included', () => {
    expect([...names.keys()]).toEqual(expect.arrayContaining(['policy', 'Policy.settle', 'CircuitBreaker.restore', 'StopReason']));
  });

  it('each have a doc comment', () => {
    expect([...names].filter(([, documented]) => !documented).map(([name]) => name)).toEqual([]);
  });
});
