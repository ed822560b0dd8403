import ts from 'typescript';

/** What an engine is given by its caller, or leaves to it. */
const IMPURE = new Set([
  'Date',
  'Promise',
  'clearInterval',
  'clearTimeout',
  'crypto',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

/** A name that stands for a value of the surroundings, not for a property or a declaration of the file's own. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)) return parent.name !== node;
  return !ts.isPropertySignature(parent) && !ts.isMethodSignature(parent);
}

function impurity(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && IMPURE.has(node.text) && isReference(node)) return node.text;
  if (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === 'random' &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Math'
  ) {
    return 'Math.random';
  }
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return 'await';
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  return undefined;
}

/** Clocks, timers, randomness, promises and surroundings that a source reads for itself: `line: name`. */
export function impuritiesOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = impurity(node);
    if (name !== undefined) found.push(`${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}: ${name}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
