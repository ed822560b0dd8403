// Makes the tables of options in packages/core/README.md from the doc comments of the types:
// `<!-- options:PolicyOptions -->` … `<!-- /options:PolicyOptions -->`, and those of presets from the comments on their values:
// `<!-- preset:http -->` … `<!-- /preset:http -->`. `--check` writes nothing and fails when one is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const PAGE = 'packages/core/README.md';
const core = 'packages/core/src';
const root = fileURLToPath(new URL('..', import.meta.url));

/** The files of a folder of core whose name fits, also in the folders below. */
function filesIn(folder, name) {
  const entries = readdirSync(`${root}${core}/${folder}`, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => `${relative(root, entry.parentPath)}/${entry.name}`);
}

/** Where options stand: each part of the house has its own. */
const SOURCES = [
  `${core}/policy/PolicyOptions.ts`,
  `${core}/policy/keyed/KeyedPolicy.ts`,
  `${core}/runtime/CallOptions.ts`,
  ...filesIn('retry', /^options\.ts$/),
  ...filesIn('gates', /^options\.ts$/),
  ...filesIn('around', /^options\.ts$/),
  ...filesIn('policy/drain', /^options\.ts$/),
  ...filesIn('gates/breaker/trips', /^[a-z]+\.ts$/),
].sort();
/** Where the option stands that each gate is, and each thing around a call; and what a call may ask of them. */
const PARTS = [...filesIn('gates', /^(part|options|callOptions)\.ts$/), ...filesIn('around', /^(part|options|\w+Option)\.ts$/)];

const pathOf = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const read = (file) => readFileSync(pathOf(file), 'utf8');

/** The interfaces and types of options that a file exports. */
function typesOf(file, name) {
  return ts
    .createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true)
    .statements.filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    .filter((statement) => statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) && name.test(statement.name.text));
}

/** Every type of options, by name; what is put together of others is no table of its own. */
const types = new Map(
  SOURCES.flatMap((file) => typesOf(file, /^(?!TripOptions$|Around).*(Options|Trip|Bounds)$/)).map((statement) => [
    statement.name.text,
    statement,
  ]),
);
const partOptions = (name) => PARTS.flatMap((file) => typesOf(file, name)).flatMap(({ members }) => [...members]);

/** The groups of options that a type allows: one, or one for each member of a union. */
function groupsOf(declaration) {
  if (declaration.name.text === 'PolicyOptions')
    return [[...declaration.members.slice(0, 3), ...partOptions(/(?<!Call)Option$/), ...declaration.members.slice(3)]];
  if (declaration.name.text === 'CallOptions') return [[...declaration.members, ...partOptions(/CallOption$/)]];
  if (ts.isInterfaceDeclaration(declaration)) return [declaration.members];
  const { type } = declaration;
  return (ts.isUnionTypeNode(type) ? type.types : [type]).map((each) => each.members);
}

/** Whether a property stands there only to keep its name out, as in `max?: undefined`. */
const isBarred = ({ type }) => type.kind === ts.SyntaxKind.UndefinedKeyword;

/** The type as a user writes it: what may be left out says so by its default, and nobody assigns to an option. */
function typeOf(property) {
  return property.type
    .getText()
    .replaceAll(/\breadonly /g, '')
    .replaceAll(/Readonly<(Record<[^<>]*>)>/g, '$1')
    .replaceAll(/ \| undefined\b/g, '')
    .replace(/^\((\(.*\) => .*)\)$/, '$1')
    .replaceAll(/\s+/g, ' ');
}

function meaningOf(name, property) {
  const text = ts
    .getJSDocCommentsAndTags(property)
    .map((comment) => ts.getTextOfJSDocComment(comment.comment) ?? '')
    .join(' ')
    .trim();
  if (text === '') throw new Error(`${name}.${property.name.getText()} has no doc comment`);
  const said = property.questionToken ? /\bdefault\b/i.test(text) : true;
  if (!said) throw new Error(`${name}.${property.name.getText()} does not say its default`);
  return property.questionToken ? text : `Required. ${text}`;
}

/** The comment on a property; undefined without one. */
function commentOn(property) {
  const text = ts
    .getJSDocCommentsAndTags(property)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .trim();
  return text === '' ? undefined : text;
}

/** What a preset sets, by path, with the reason: each value has one. */
function valuesOf(name, object, path = '') {
  return object.properties.flatMap((property) => {
    const option = path + property.name.getText();
    const { initializer } = property;
    const why = commentOn(property);
    const nested = ts.isObjectLiteralExpression(initializer) && initializer.properties.length > 0;
    if (nested && why === undefined) return valuesOf(name, initializer, `${option}.`);
    // What only tells the ways to trip apart is no choice of its own.
    if (option.endsWith('.type')) return [];
    if (why === undefined) throw new Error(`preset ${name}: ${option} has no reason beside it`);
    return [
      [
        `\`${option}\``,
        `\`${initializer.getText().replaceAll('/* @__PURE__ */', '').replaceAll(/\s+/g, ' ').replaceAll('( ', '(')}\``,
        why,
      ],
    ];
  });
}

function tableOfPreset(name) {
  const file = `${core}/policy/presets/${name}.ts`;
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
  const [object] = source.statements
    .filter(ts.isVariableStatement)
    .map(({ declarationList }) => declarationList.declarations[0].initializer.arguments[0]);
  return rowsOf([['option', 'value', 'why'], ['---', '---', '---'], ...valuesOf(name, object)]);
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

function rowsOf(rows) {
  return rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

function tableOf(name) {
  const declaration = types.get(name);
  if (declaration === undefined) throw new Error(`${PAGE}: there is no type ${name}; there are ${[...types.keys()].join(', ')}`);
  return groupsOf(declaration)
    .map((members) => [
      ['option', 'type', 'meaning'],
      ['---', '---', '---'],
      ...members
        .filter((property) => !isBarred(property))
        .map((property) => [`\`${property.name.getText()}\``, `\`${typeOf(property)}\``, meaningOf(name, property)]),
    ])
    .map(rowsOf)
    .join('\n\nor\n\n');
}

const before = read(PAGE);
const after = before.replaceAll(/(<!-- (options|preset):(\w+) -->)[\s\S]*?(<!-- \/\2:\3 -->)/g, (_, open, kind, name, close) => {
  return `${open}\n${kind === 'preset' ? tableOfPreset(name) : tableOf(name)}\n${close}`;
});
const missing = [...types.keys()].filter((name) => !after.includes(`<!-- options:${name} -->`));
const presets = filesIn('policy/presets', /^[a-z]+\.ts$/)
  .map((file) => file.replace(/^.*\/|\.ts$/g, ''))
  .filter((name) => name !== 'index' && !after.includes(`<!-- preset:${name} -->`));
if (presets.length > 0) throw new Error(`${PAGE}: no table of the presets ${presets.join(', ')}`);
if (missing.length > 0) throw new Error(`${PAGE}: no table of ${missing.join(', ')}`);

if (!process.argv.includes('--check')) writeFileSync(pathOf(PAGE), after);
else if (before !== after) {
  console.error(`${PAGE} is stale: run \`npm run docs\``);
  process.exitCode = 1;
}
