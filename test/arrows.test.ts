import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { cycles, namesakes, type Source, tooLong, violations } from './arrows/arrows.js';

const root = join(__dirname, '..');

/** The sources of all packages, without their tests and what these need. */
function sourcesOfHouse(): Source[] {
  const files = ts.sys.readDirectory(root, ['.ts'], ['**/node_modules', '**/dist', '**/fixtures', '**/*.test.ts'], ['packages/*/src/**/*']);
  return files.map((file) => ({ path: file.slice(root.length + 1).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
}

const core = (path: string) => `packages/core/src/${path}`;

describe('the arrows between folders', () => {
  const sources = sourcesOfHouse();

  it('has sources to look at', () => {
    expect(sources.map(({ path }) => path)).toContain(core('model/ErrorClass.ts'));
  });

  it('all point one way', () => {
    expect(violations(sources)).toEqual([]);
  });

  it('make no cycle of files, types included', () => {
    expect(cycles(sources)).toEqual([]);
  });

  it('start from files that are one idea each', () => {
    expect(tooLong(sources)).toEqual([]);
  });

  it('start from classes that have a name to themselves', () => {
    expect(namesakes(sources)).toEqual([]);
  });
});

describe('the check itself', () => {
  it.each([
    { given: 'model to model', path: core('model/a.ts'), text: `import { b } from './b.js';` },
    { given: 'runtime to gates', path: core('runtime/a.ts'), text: `import { b } from '../gates/b.js';` },
    { given: 'a nested folder to its parent', path: core('gates/breaker/windows/a.ts'), text: `import { b } from '../b.js';` },
    { given: 'the OTel API in telemetry/otel', path: core('telemetry/otel/a.ts'), text: `import { trace } from '@opentelemetry/api';` },
    { given: 'an SDK in testing', path: core('testing/a.ts'), text: `import { x } from '@opentelemetry/sdk-metrics';` },
    {
      given: 'instrumentation to core',
      path: 'packages/instrumentation-resilience/src/a.ts',
      text: `import { x } from '@redress/core/telemetry';`,
    },
    { given: 'Node in the instrumentation', path: 'packages/instrumentation-resilience/src/a.ts', text: `import { x } from 'node:fs';` },
    {
      given: 'an import in a comment',
      path: core('retry/a.ts'),
      text: `// import x from 'node:fs'\n/* Date.now() */ const s = "setTimeout";`,
    },
    {
      given: 'the property of another name',
      path: core('retry/a.ts'),
      text: `const r = { random: f, Date: 1 }; r.Date; context.performance;`,
    },
    { given: 'a clock outside the engines', path: core('runtime/a.ts'), text: `setTimeout(f, performance.now());` },
    { given: 'other arithmetic in an engine', path: core('retry/a.ts'), text: `Math.max(1, 2)` },
  ])('lets $given through', ({ path, text }) => {
    expect(violations([{ path, text }])).toEqual([]);
  });

  it.each([
    {
      given: 'a gate to runtime',
      path: core('gates/a.ts'),
      text: `import { b } from '../runtime/b.js';`,
      told: 'points from gates to runtime',
    },
    {
      given: 'a type across',
      path: core('gates/a.ts'),
      text: `import type { B } from '../policy/b.js';`,
      told: 'points from gates to policy',
    },
    { given: 'a re-export', path: core('model/a.ts'), text: `export * from '../retry/b.js';`, told: 'points from model to retry' },
    {
      given: 'an import type',
      path: core('model/a.ts'),
      text: `type B = import('../retry/b.js').B;`,
      told: 'points from model to retry',
    },
    {
      given: 'a dynamic import',
      path: core('telemetry/a.ts'),
      text: `await import('../runtime/b.js');`,
      told: 'points from telemetry to runtime',
    },
    { given: 'a require', path: core('classify/a.ts'), text: `require('../runtime/b.js');`, told: 'points from classify to runtime' },
    {
      given: 'an import equals',
      path: core('classify/a.ts'),
      text: `import b = require('../runtime/b.js');`,
      told: 'points from classify to runtime',
    },
    {
      given: 'runtime to policy',
      path: core('runtime/inside/a.ts'),
      text: `import '../../policy/b.js';`,
      told: 'points from runtime to policy',
    },
    {
      given: 'the front door from inside',
      path: core('policy/a.ts'),
      text: `import { policy } from '../index.js';`,
      told: 'points from policy to index.ts',
    },
    {
      given: 'the test kit from the front door',
      path: core('index.ts'),
      text: `export * from './testing/index.js';`,
      told: 'points from index.ts to testing',
    },
    { given: 'a folder nobody drew', path: core('utils/a.ts'), text: `import '../model/b.js';`, told: 'stands in no room' },
    { given: 'Node in core', path: core('runtime/a.ts'), text: `import { x } from 'node:fs';`, told: 'imports node:fs' },
    { given: 'a dependency in core', path: core('runtime/a.ts'), text: `import x from 'lodash';`, told: 'imports lodash' },
    { given: 'a computed import in core', path: core('runtime/a.ts'), text: 'import(`${name}`);', told: 'imports *' },
    {
      given: 'OTel outside telemetry',
      path: core('runtime/a.ts'),
      text: `import type { Span } from '@opentelemetry/api';`,
      told: 'in runtime',
    },
    { given: 'an SDK in telemetry', path: core('telemetry/a.ts'), text: `import '@opentelemetry/sdk-metrics';`, told: 'in telemetry' },
    {
      given: 'core to the instrumentation',
      path: core('runtime/a.ts'),
      text: `import '@redress/instrumentation-resilience';`,
      told: 'points from core to',
    },
    {
      given: 'a way out of the package',
      path: 'packages/instrumentation-resilience/src/a.ts',
      text: `import '../../core/src/index.js';`,
      told: 'leaves its package',
    },
    { given: 'a clock in an engine', path: core('retry/a.ts'), text: 'const t = Date.now();', told: 'Date' },
    { given: 'another clock', path: core('gates/breaker/windows/a.ts'), text: 'performance.now();', told: 'performance' },
    { given: 'a timer', path: core('retry/a.ts'), text: 'setTimeout(f, 1);', told: 'setTimeout' },
    { given: 'a timer of globalThis', path: core('retry/a.ts'), text: 'globalThis.setTimeout(f, 1);', told: 'globalThis' },
    { given: 'chance', path: core('backoff/a.ts'), text: 'const r = Math.random;', told: 'Math.random' },
    { given: 'a promise', path: core('retry/a.ts'), text: 'Promise.resolve();', told: 'Promise' },
    { given: 'an async function', path: core('retry/a.ts'), text: 'async function f() {}', told: 'async' },
  ])('tells of $given', ({ path, text, told }) => {
    const found = violations([{ path, text }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path}:1`);
    expect(found[0]).toContain(told);
  });

  it('tells of a cycle of files, and of one of types', () => {
    const a = { path: core('model/a.ts'), text: `import { b } from './b.js';` };
    const b = { path: core('model/b.ts'), text: `import { c } from './c.js';` };
    const c = { path: core('model/c.ts'), text: `import { a } from './a.js';` };
    const loop = `${a.path} → ${b.path} → ${c.path} → ${a.path}`;
    expect(cycles([a, b, c])).toEqual([loop]);
    expect(cycles([a, b, { ...c, text: `import type { A } from './a.js';` }])).toEqual([loop]);
    expect(cycles([a, b, { ...c, text: '' }])).toEqual([]);
  });

  it('tells of a file that is too long, unless it is generated', () => {
    const long = 'export const a = 1;\n'.repeat(301);
    expect(tooLong([{ path: core('model/a.ts'), text: long }])).toEqual([`${core('model/a.ts')} has 301 lines`]);
    expect(tooLong([{ path: core('model/a.ts'), text: `// Made by a script\n${long}` }])).toEqual([]);
    expect(tooLong([{ path: core('model/a.ts'), text: long.slice(20) }])).toEqual([]);
  });

  it('tells of two classes of one name', () => {
    const a = { path: core('model/a.ts'), text: 'export class Live {}' };
    const b = { path: core('runtime/b.ts'), text: 'class Live {}' };
    expect(namesakes([a, b])).toEqual([`core: Live in ${a.path} and ${b.path}`]);
    expect(namesakes([a, { ...b, path: 'packages/instrumentation-resilience/src/b.ts' }])).toEqual([]);
  });
});
