/** The breaks of test/breaks.yaml, which no mutator makes: read, and put into the source. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';

/** Every break: the rule's id, the file, the name of a declaration in it, the code to find in that, and what to put in its place. */
export function readBreaks(root) {
  const table = parse(readFileSync(join(root, 'test/breaks.yaml'), 'utf8'));
  return Object.entries(table).flatMap(([id, breaks]) => breaks.map((one) => ({ id, ...one })));
}

/** A source with a break in it; throws where the break has no place there, or more than one. */
export function breakSource(source, { file, at, find, put }) {
  const nodes = declarationsOf(source, file).filter(({ name }) => name === at);
  if (nodes.length !== 1) throw new Error(`${at} stands ${nodes.length} times in ${file}, not once`);
  const [{ start, end }] = nodes;
  const places = placesOf(source.slice(start, end), find);
  if (places.length !== 1) throw new Error(`stands ${places.length} times in ${at} of ${file}, not once: ${find}`);
  const [place] = places;
  const broken = source.slice(0, start + place.start) + put + source.slice(start + place.end);
  if (bare(broken).text === bare(source).text) throw new Error(`changes nothing in ${at} of ${file}`);
  return broken;
}

/** What is declared in a source, with its doc comment, by qualified name: `decideRetry`, `CircuitBreaker.allow`, `limits.maxMs`. */
function declarationsOf(source, file) {
  const declarations = [];
  const visit = (node, outer) => {
    const name = nameOf(node);
    const qualified = name === undefined ? outer : [...outer, name];
    if (name !== undefined) declarations.push({ name: qualified.join('.'), start: node.getStart(undefined, true), end: node.end });
    ts.forEachChild(node, (child) => visit(child, qualified));
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true), []);
  return declarations;
}

/** A declaration's own name; undefined for what is no declaration of a value, and for an overload's signature. */
function nameOf(node) {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isFunctionLike(node) && node.body === undefined) return undefined;
  const named =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isPropertyAssignment(node);
  return named && node.name !== undefined && !ts.isBindingPattern(node.name) ? node.name.getText() : undefined;
}

/** Where a piece of code stands in a text, however either of them is laid out. */
function placesOf(text, find) {
  const whole = bare(text);
  const part = bare(find).text;
  const places = [];
  for (let at = whole.text.indexOf(part); part !== '' && at >= 0; at = whole.text.indexOf(part, at + 1)) {
    places.push({ start: whole.places[at], end: whole.places[at + part.length - 1] + 1 });
  }
  return places;
}

/** A text without white space and trailing commas, and where each character of it came from. */
function bare(text) {
  const places = [];
  for (let place = 0; place < text.length; place++) {
    const left = /^(?:\s|,\s*[)\]}])/.test(text.slice(place, place + 200));
    if (!left) places.push(place);
  }
  return { text: places.map((place) => text[place]).join(''), places };
}
