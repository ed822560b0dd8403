import { told, withDiag } from '../telemetry/fixtures/diag.js';
import type * as RegistryModule from './Registry.js';

/** A registry of a process in which nothing was said yet. */
function freshRegistry() {
  let made: RegistryModule.Registry | undefined;
  jest.isolateModules(() => {
    made = jest.requireActual<typeof RegistryModule>('./Registry.js').createRegistry();
  });
  if (made === undefined) throw new Error('no registry was made');
  return made;
}

function make(registry: RegistryModule.Registry, name: string, times: number): void {
  for (let made = 0; made < times; made++) registry.policy(name);
}

let emitWarning: jest.SpyInstance;
beforeEach(() => {
  withDiag();
  emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

describe('[registry.made-over-and-over] a policy that is made again', () => {
  it.each([
    { given: 'twice', times: 2, warnings: 0 },
    { given: 'a hundred times', times: 100, warnings: 0 },
    { given: 'a hundred times and once', times: 101, warnings: 1 },
    { given: 'over and over', times: 1_000, warnings: 1 },
  ])('$given warns audibly $warnings times', ({ times, warnings }) => {
    const registry = freshRegistry();
    make(registry, 'per-request', times);
    expect(emitWarning).toHaveBeenCalledTimes(warnings);
    expect(told()).toHaveLength(times - 1);
    if (warnings === 0) return;
    const options = { type: 'RedressWarning', code: 'REDRESS_POLICY_MADE_AGAIN' };
    expect(emitWarning).toHaveBeenCalledWith(expect.stringMatching(/^policy per-request was made 101 times: .+never opens/), options);
  });

  it('is told audibly once in a process, whatever else is made over and over', () => {
    const registry = freshRegistry();
    make(registry, 'one', 200);
    make(registry, 'two', 200);
    expect(emitWarning).toHaveBeenCalledTimes(1);
  });

  it('is not told audibly when each was disposed before the next', () => {
    const registry = freshRegistry();
    for (let made = 0; made < 200; made++) registry.policy('tidy').dispose();
    expect(emitWarning).not.toHaveBeenCalled();
    expect(told()).toEqual([]);
  });

  it('hurts nobody when the warning cannot be given', () => {
    emitWarning.mockImplementation(() => {
      throw new Error('no warnings here');
    });
    const registry = freshRegistry();
    make(registry, 'mute', 102);
    expect(registry.getPolicy('mute')).toBeDefined();
    expect(told()).toContain('redress: process.emitWarning threw');
  });

  it.each([undefined, {}, { emitWarning: 'none' }])('says so through diag alone where the process is %j', (runtime) => {
    const registry = freshRegistry();
    const real = globalThis.process;
    try {
      Reflect.set(globalThis, 'process', runtime);
      make(registry, 'elsewhere', 102);
    } finally {
      globalThis.process = real;
    }
    expect(told()).toHaveLength(101);
    expect(emitWarning).not.toHaveBeenCalled();
  });
});
