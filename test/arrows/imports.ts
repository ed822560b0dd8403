import ts from 'typescript';

/** One import of a file, whatever its syntax. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** Its module, when the node is an import, a re-export, an `import()`, a `require()` or an `import('…')` type. */
function moduleOf(node: ts.Node): { readonly specifier: ts.Node; readonly typeOnly: boolean } | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
    return { specifier: node.moduleSpecifier, typeOnly: isTypeOnly(node) };
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { specifier: node.moduleReference.expression, typeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return { specifier: node.argument.literal, typeOnly: true };
  if (ts.isCallExpression(node)) {
    const callee = node.expression;
    const loads = callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
    const [specifier] = node.arguments;
    if (loads && specifier !== undefined) return { specifier, typeOnly: false };
  }
  return undefined;
}

/** Every import of a source text. One whose module is computed has the specifier `*`. */
export function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const module = moduleOf(node);
    if (module !== undefined) {
      const specifier = ts.isStringLiteralLike(module.specifier) ? module.specifier.text : '*';
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({ specifier, line: line + 1, typeOnly: module.typeOnly });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
