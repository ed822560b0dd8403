import { readFileSync } from 'node:fs';
import * as otel from '@opentelemetry/semantic-conventions';
import { parse } from 'yaml';
import * as ours from '../packages/core/src/telemetry/port/semconv.js';
import { RESEND_COUNT } from '../packages/instrumentation-resilience/src/attemptAttributes.js';

interface Registry {
  readonly groups: readonly { readonly type: string; readonly attributes: readonly { readonly ref?: string; readonly id?: string }[] }[];
}

const { groups } = parse(readFileSync('semconv/redress.yaml', 'utf8')) as Registry;
const attributes = groups.filter(({ type }) => type === 'attribute_group').flatMap((group) => group.attributes);
const imported = attributes.flatMap(({ ref }) => (ref === undefined ? [] : [ref]));
const constantOf = (name: string): string => `ATTR_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;

describe('the names that OpenTelemetry owns', () => {
  it('are some', () => {
    expect(imported).toEqual(expect.arrayContaining(['error.type', 'exception.type', 'exception.message', 'exception.stacktrace']));
  });

  it.each(imported)('[telemetry.otel-names] %s is what its own package says', (name) => {
    expect(Reflect.get(otel, constantOf(name))).toBe(name);
    expect(Reflect.get(ours, constantOf(name))).toBe(name);
  });

  it('leave none of our own names to another meaning', () => {
    const theirs = new Set<unknown>(Object.values(otel));
    const own = attributes.flatMap(({ id }) => (id === undefined ? [] : [id]));
    expect(own.filter((name) => theirs.has(name))).toEqual([]);
  });

  it('include the resend count', () => {
    expect(RESEND_COUNT).toBe(otel.ATTR_HTTP_REQUEST_RESEND_COUNT);
  });
});
