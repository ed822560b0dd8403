import { diag } from '@opentelemetry/api';
import { readTelemetryOptions } from '@redress/core/telemetry';
import { enabled } from './options.js';
import type { ResilienceInstrumentationConfig } from './types.js';

const NAME = '@redress/instrumentation-resilience';
/** Either is the section's name; the first that is there counts. */
const KEYS = [NAME, 'redress'] as const;

/** The file that OTEL_CONFIG_FILE names; undefined without one. */
export function configFile(): string | undefined {
  return process.env['OTEL_CONFIG_FILE']?.trim() || undefined;
}

/**
 * The options that the section of this instrumentation has in OpenTelemetry's declarative configuration, in snake_case there; the SDK reads
 * past it. None without a file, without a section, and when the file cannot be read: that is the SDK's to tell.
 *
 * Source: https://opentelemetry.io/docs/specs/otel/configuration/data-model/, and its schema's `instrumentation/development`.
 *
 * @throws TypeError for an unknown option or a wrong value, under its name in the file.
 */
export function optionsOfConfigFile(): ResilienceInstrumentationConfig {
  const file = configFile();
  if (file === undefined) return {};
  const sections = sectionsOf(file);
  const key = KEYS.find((each) => at(sections, each) !== undefined);
  const section = key === undefined ? undefined : at(sections, key);
  if (section === undefined || section === null) return {};
  const where = `OTEL_CONFIG_FILE ${file}, instrumentation/development: js: '${key}'`;
  if (typeof section !== 'object' || Array.isArray(section))
    throw new TypeError(`${where}: must be a map of options; got ${String(section)}`);
  // A function is nothing for a file.
  return readTelemetryOptions(where, section, { enabled }, ['callHook'], inSnakeCase);
}

function inSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function sectionsOf(file: string): unknown {
  const parse = parser();
  if (parse === undefined) {
    diag.warn(
      `OTEL_CONFIG_FILE is set, and the options of ${NAME} in it are not read: @opentelemetry/configuration, which sdk-node has from 0.301 on, is not found`,
    );
    return undefined;
  }
  try {
    return at(parse(file), 'instrumentation/development', 'js');
  } catch {
    return undefined;
  }
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce((holder, key) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined), value);
}

/** That of the SDK, so that a variable in the file means the same to both: found from the application, or from the SDK that it has. */
function parser(): ((file: string) => unknown) | undefined {
  const { createRequire } = process.getBuiltinModule('node:module');
  for (const from of [process.argv[1], `${process.cwd()}/app.js`]) {
    if (from === undefined) continue;
    for (const beside of [from, resolved(createRequire, from)]) {
      if (beside === undefined) continue;
      try {
        const parse: unknown = Reflect.get(createRequire(beside)('@opentelemetry/configuration') as object, 'parseConfigFile');
        if (typeof parse === 'function') return (file) => Reflect.apply(parse, undefined, [file]) as unknown;
      } catch {
        // Not from there.
      }
    }
  }
  return undefined;
}

function resolved(createRequire: (from: string) => NodeRequire, from: string): string | undefined {
  try {
    return createRequire(from).resolve('@opentelemetry/sdk-node');
  } catch {
    return undefined;
  }
}
