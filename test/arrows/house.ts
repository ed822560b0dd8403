/**
 * The rooms of core, each with those it may point to beside itself: a file belongs to the room of the longest path that fits.
 * What core hands out stands in the rooms that end in `index.ts`.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  backoff: ['model'],
  classify: ['model'],
  timers: ['model'],
  'telemetry/port': ['model'],
  telemetry: ['model', 'telemetry/port'],
  'telemetry/otel': ['model', 'telemetry', 'telemetry/port'],
  'telemetry/index.ts': ['model', 'classify', 'telemetry', 'telemetry/port', 'telemetry/otel'],
  retry: ['model', 'backoff', 'timers'],
  gates: ['model', 'backoff', 'timers', 'telemetry', 'telemetry/port'],
  around: ['model', 'classify', 'timers', 'telemetry/port'],
  runtime: ['model', 'backoff', 'classify', 'retry', 'around', 'gates', 'timers', 'telemetry', 'telemetry/port'],
  policy: [
    'model',
    'backoff',
    'classify',
    'retry',
    'around',
    'gates',
    'runtime',
    'timers',
    'telemetry',
    'telemetry/port',
    'telemetry/otel',
  ],
  'index.ts': [
    'model',
    'backoff',
    'classify',
    'retry',
    'around',
    'gates',
    'runtime',
    'policy',
    'telemetry',
    'telemetry/port',
    'telemetry/otel',
  ],
  testing: [
    'index.ts',
    'model',
    'backoff',
    'classify',
    'retry',
    'gates',
    'runtime',
    'policy',
    'timers',
    'telemetry',
    'telemetry/index.ts',
    'telemetry/port',
    'telemetry/otel',
  ],
};

/** Rooms that are given time and chance, and decide without waiting; of each gate's folder, all files but those that are the gate, ask for the time, or tell. */
export function isPure(room: string, path: string, imports: readonly string[]): boolean {
  if (room === 'gates')
    return /\/gates\/.+\//.test(path) && !imports.some((specifier) => /\/(timers|telemetry)\/|\/Gate\.js$/.test(specifier));
  return room === 'model' || room === 'backoff' || room === 'retry';
}

/** Where `@opentelemetry/api` may be imported. */
export const OTEL_ROOMS: ReadonlySet<string> = new Set(['telemetry/otel', 'testing']);
