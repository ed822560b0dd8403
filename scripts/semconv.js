// Makes from semconv/redress.yaml the constants of core, the list for conformance tests and the tables in the docs.
// `--check` writes nothing and fails when one of them is stale.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = join(fileURLToPath(import.meta.url), '../..');
const model = 'packages/core/src/model';
const port = 'packages/core/src/telemetry/port';
const banner = '// Made by scripts/semconv.js from semconv/redress.yaml; edit that instead.\n';

const { groups } = parse(readFileSync(join(root, 'semconv/redress.yaml'), 'utf8'));
const ofType = (type) => groups.filter((group) => group.type === type);
const notes = (group) => group.annotations?.redress ?? {};

const attributes = ofType('attribute_group').flatMap((group) =>
  group.attributes.map((attribute) => ({ ...attribute, name: attribute.id ?? attribute.ref })),
);
/** Names that OpenTelemetry defines: its own package has them. */
const imported = new Set(attributes.filter(({ ref }) => ref !== undefined).map(({ name }) => name));
const known = new Set(attributes.map((attribute) => attribute.name));
for (const group of groups) {
  if (!group.brief) throw new Error(`${group.id}: no brief`);
  for (const { ref } of group.attributes) {
    if (ref !== undefined && !known.has(ref)) throw new Error(`${group.id}: ${ref} is no attribute of the registry`);
  }
}

const members = (attribute) => attribute.type?.members?.map((member) => member.value);
const typeName = (attribute) => (members(attribute) ? 'string' : (attribute.type ?? 'string'));
const constantName = (prefix, name) => `${prefix}_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
const quote = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);
const condition = (level) => (typeof level === 'string' ? level : level.conditionally_required);

const instrument = (metric) => {
  const name = { counter: 'counter', gauge: 'gauge', updowncounter: 'up-down counter', histogram: 'histogram' }[metric.instrument];
  return notes(metric).async ? `observable ${name}` : name;
};

/** As the formatter would have it, so that lint and this script never argue. */
function formatted(file, source) {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${file}`], { cwd: root, input: source, encoding: 'utf8' });
}

/** A union made of words, with the same words as constants; each with its brief. */
function words(name, brief, one, members, keyOf) {
  const lines = [`/** ${brief} */`, `export const ${name} = {`];
  for (const { value, brief: meaning } of members) lines.push(`  /** ${meaning} */`, `  ${keyOf(value)}: '${value}',`);
  lines.push('} as const;', '', `/** ${one} */`, `export type ${name} = (typeof ${name})[keyof typeof ${name}];`, '');
  return lines.join('\n');
}

const membersOf = (name) => attributes.find((attribute) => attribute.name === name).type.members;

function eventNames() {
  const brief = 'Names of what redress reports: span events, `redress.event` on metrics, `redress.<name>` as log events.';
  return `${banner}\n${words('EventName', brief, 'One of the names in {@link EventName}.', membersOf('redress.event'), (value) => value.toUpperCase())}`;
}

const terminal = () => ofType('event').filter((event) => notes(event).stop_reasons !== undefined);

function stopReasons() {
  const reasons = membersOf('redress.stop_reason');
  const refusals = terminal().flatMap((event) => (notes(event).refusal ? notes(event).stop_reasons : []));
  const eventOf = new Map(
    terminal().flatMap((event) => notes(event).stop_reasons.map((reason) => [reason, event.name.replace('redress.', '')])),
  );
  const brief = 'Why a call that did not succeed stopped; `redress.stop_reason` in telemetry.';
  return [
    banner,
    "import type { EventName } from './EventName.js';",
    '',
    words('StopReason', brief, 'One of the reasons in {@link StopReason}.', reasons, (value) => value),
    '/** Reasons by which a gate refuses. */',
    `export type RefusalReason = ${refusals.map(quote).join(' | ')};`,
    '',
    '/** Stop reasons of a call that failed, as against one that was refused, aborted or deferred. */',
    "export type FailureReason = Exclude<StopReason, RefusalReason | 'SCHEDULED' | 'ABORTED'>;",
    '',
    "/** The terminal event of each stop reason: what a call's span, its metrics and its timeline end with. */",
    'export const STOP_EVENT: Readonly<Record<StopReason, EventName>> = {',
    ...reasons.map(({ value }) => `  ${value}: '${eventOf.get(value)}',`),
    '};',
    '',
  ].join('\n');
}

/** What a metric's row tells its reader of the metric beside its constant. */
function definition(metric) {
  const names = metric.attributes.map(({ ref }) => (imported.has(ref) ? constantName('ATTR', ref) : quote(ref))).join(', ');
  const merge = notes(metric).merge;
  return [
    `  name: ${quote(metric.metric_name)},`,
    `  instrument: ${quote(metric.instrument)},`,
    `  async: ${notes(metric).async === true},`,
    `  unit: ${quote(metric.unit)},`,
    `  description: ${quote(metric.brief)},`,
    `  attributes: [${names}],`,
    ...(merge === undefined ? [] : [`  merge: { same: '${merge.same}', other: '${merge.other}' },`]),
  ];
}

function constants() {
  const metrics = ofType('metric');
  const lines = [
    banner,
    `import { ${[...imported].map((name) => `${constantName('ATTR', name)} as ${constantName('OTEL', name)}`).join(', ')} } from '@opentelemetry/semantic-conventions';`,
    "import type { EventName } from '../../model/EventName.js';",
    "import type { LogSeverity } from './LogSeverity.js';",
    '',
    '/** How values of several owners become one. */',
    "export type Merge = 'last' | 'sum' | 'min' | 'max';",
    '',
    '/** A metric as an instrument is made from it. */',
    'export interface MetricDefinition {',
    '  readonly name: string;',
    "  readonly instrument: 'counter' | 'gauge' | 'histogram' | 'updowncounter';",
    '  /** Read when the SDK collects. */',
    '  readonly async: boolean;',
    '  readonly unit: string;',
    '  readonly description: string;',
    '  /** What its rows may carry; of a gauge the first is what it is named by. */',
    '  readonly attributes: readonly string[];',
    '  /** Of a gauge: among owners of the same name, and among those past the bound. */',
    '  readonly merge?: { readonly same: Merge; readonly other: Merge };',
    '}',
    '',
  ];
  for (const { name } of attributes) {
    lines.push(`export const ${constantName('ATTR', name)} = ${imported.has(name) ? constantName('OTEL', name) : quote(name)};`);
  }
  lines.push('');
  for (const metric of metrics) {
    lines.push(`export const ${constantName('METRIC', metric.metric_name)}: MetricDefinition = {`, ...definition(metric), '};');
  }
  lines.push(
    '',
    '/** Every metric. */',
    `export const METRICS: readonly MetricDefinition[] = [${metrics.map((metric) => constantName('METRIC', metric.metric_name)).join(', ')}];`,
    '',
    '/** Severity of the log event of each event. */',
    'export const EVENT_SEVERITY: Readonly<Record<EventName, LogSeverity>> = {',
  );
  for (const event of ofType('event')) {
    const severity = notes(event).severity;
    if (severity) lines.push(`  ${event.name.replace('redress.', '')}: '${severity}',`);
  }
  lines.push('};', '');
  return lines.join('\n');
}

function list() {
  const attributeMap = Object.fromEntries(
    attributes.map((attribute) => [attribute.name, { type: typeName(attribute), members: members(attribute) }]),
  );
  const sets = (group) => ({
    required: group.attributes.filter((attribute) => attribute.requirement_level === 'required').map((attribute) => attribute.ref),
    conditional: group.attributes.filter((attribute) => attribute.requirement_level !== 'required').map((attribute) => attribute.ref),
  });
  const data = {
    attributes: attributeMap,
    spans: ofType('span').map((span) => ({ id: span.id, optIn: notes(span).opt_in, ...sets(span) })),
    events: ofType('event').map((event) => ({
      name: event.name,
      terminal: notes(event).terminal === true,
      severity: notes(event).severity,
      otherSeverities: notes(event).other_severities ?? [],
      spanOnly: notes(event).span_only === true,
      optIn: notes(event).opt_in,
      ...sets(event),
    })),
    metrics: ofType('metric').map((metric) => ({
      name: metric.metric_name,
      instrument: metric.instrument,
      async: notes(metric).async === true,
      unit: metric.unit,
      description: metric.brief,
      optIn: notes(metric).opt_in,
      ...sets(metric),
    })),
  };
  return `${banner}// Only tests and docs read this: nothing that runs in production imports it.

/** A type an attribute's value may have. */
export interface ListedAttribute {
  readonly type: string;
  readonly members?: readonly string[] | undefined;
}

/** The attributes something must carry, and those it may. */
export interface ListedSet {
  readonly required: readonly string[];
  readonly conditional: readonly string[];
  /** The option that turns it on, when it is off by default. */
  readonly optIn?: string | undefined;
}

export interface ListedSpan extends ListedSet {
  readonly id: string;
}

export interface ListedEvent extends ListedSet {
  readonly name: string;
  readonly terminal: boolean;
  readonly severity?: string | undefined;
  /** What it may be besides. */
  readonly otherSeverities: readonly string[];
  readonly spanOnly: boolean;
}

export interface ListedMetric extends ListedSet {
  readonly name: string;
  readonly instrument: string;
  readonly async: boolean;
  readonly unit: string;
  readonly description: string;
}

/** Everything redress emits. */
export interface SemconvRegistry {
  readonly attributes: Readonly<Record<string, ListedAttribute>>;
  readonly spans: readonly ListedSpan[];
  readonly events: readonly ListedEvent[];
  readonly metrics: readonly ListedMetric[];
}

export const REGISTRY: SemconvRegistry = ${JSON.stringify(data)};
`;
}

const cell = (text) => String(text).trim().replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const attributeCell = (group) =>
  group.attributes
    .map(({ ref, requirement_level: level }) => (level === 'required' ? `\`${ref}\`` : `\`${ref}\` (${condition(level)})`))
    .join(', ');
const told = (group) =>
  [group.brief, group.note, notes(group).opt_in && `Off unless \`${notes(group).opt_in}\` is on.`].filter(Boolean).join(' ');

const blocks = {
  attributes: () =>
    table(
      ['attribute', 'type', 'meaning', 'values'],
      attributes.map((attribute) => [
        `\`${attribute.name}\``,
        typeName(attribute),
        [attribute.brief, attribute.note].filter(Boolean).join(' '),
        members(attribute)
          ? members(attribute)
              .map((value) => `\`${value}\``)
              .join(' ')
          : (attribute.examples ?? []).map((value) => `\`${value}\``).join(', '),
      ]),
    ),
  spans: () =>
    table(
      ['span', 'meaning', 'attributes'],
      ofType('span').map((span) => [`\`${span.id.replace('span.', '')}\``, told(span), attributeCell(span)]),
    ),
  events: () =>
    table(
      ['event', 'meaning', 'ends the call', 'log severity', 'attributes'],
      ofType('event').map((event) => [
        `\`${event.name.replace('redress.', '')}\``,
        told(event),
        notes(event).terminal ? 'yes' : '–',
        [notes(event).severity ?? '–', ...(notes(event).other_severities ?? [])].join(', '),
        attributeCell(event),
      ]),
    ),
  metrics: () =>
    table(
      ['metric', 'instrument', 'unit', 'meaning', 'attributes'],
      ofType('metric').map((metric) => [
        `\`${metric.metric_name}\``,
        instrument(metric),
        `\`${metric.unit}\``,
        told(metric),
        attributeCell(metric),
      ]),
    ),
};

/** The file with each marked block made anew: `<!-- semconv:metrics -->` … `<!-- /semconv:metrics -->`. */
function withBlocks(text, file) {
  return text.replaceAll(/(<!-- semconv:(\w+) -->)[\s\S]*?(<!-- \/semconv:\2 -->)/g, (_, open, name, close) => {
    if (!blocks[name]) throw new Error(`${file}: there is no table ${name}`);
    return `${open}\n${blocks[name]()}\n${close}`;
  });
}

const readmes = ['packages', 'examples'].flatMap((folder) =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`) : [],
);
const made = new Map(
  [
    [`${model}/EventName.ts`, eventNames()],
    [`${model}/StopReason.ts`, stopReasons()],
    [`${port}/semconv.ts`, constants()],
    ['packages/core/src/testing/semconv.registry.ts', list()],
  ].map(([file, source]) => [file, formatted(file, source)]),
);
for (const file of ['README.md', 'docs/telemetry.md', ...readmes]) {
  if (existsSync(join(root, file))) made.set(file, withBlocks(readFileSync(join(root, file), 'utf8'), file));
}

const stale = [...made].filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text);
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`stale, run node scripts/semconv.js: ${stale.map(([file]) => file).join(', ')}`);
    process.exitCode = 1;
  }
} else {
  for (const [file, text] of stale) writeFileSync(join(root, file), text);
  console.log(stale.length === 0 ? 'nothing to do' : `wrote ${stale.map(([file]) => file).join(', ')}`);
}
