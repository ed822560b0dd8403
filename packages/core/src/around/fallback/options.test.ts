import { createRegistry } from '../../policy/Registry.js';
import { rejects } from '../../runtime/fixtures/script.js';
import { busy, fallen } from './fixtures/fallen.js';

const spare = createRegistry().policy('spare');
const run = (): number => 1;

/** What a policy and a call say of a fallback. */
async function saidOf(fallback: unknown): Promise<unknown[]> {
  const registry = createRegistry();
  const plain = registry.policy('p');
  const given = { fallback } as object;
  const said: unknown[] = [];
  for (const take of [() => registry.policy('q', given), () => plain.call(run, given)]) {
    try {
      await take();
      said.push('nothing');
    } catch (error) {
      said.push(error instanceof TypeError ? error.message.replace(/^(policy q|a call of policy p)(, fallback)?/, '') : error);
    }
  }
  return said;
}

const ways = 'fallback must be one of { value }, { run } and { alternates }; got [object Object]';

describe('[fallback.options] what is wrong with a fallback is told by name, value and rule', () => {
  it.each<[unknown, string]>([
    [5, ': fallback must be an object, or a list of them that is not empty, or false; got 5'],
    [[], ': fallback must be an object, or a list of them that is not empty, or false; got []'],
    [{}, `: ${ways}`],
    [{ on: ['AUTH'] }, `: ${ways}`],
    [{ value: 1, run }, `: ${ways}`],
    [{ value: 1, alternates: [{ policy: spare, run }] }, `: ${ways}`],
    [{ run, alternates: [{ policy: spare, run }] }, `: ${ways}`],
    [{ run: undefined }, `: ${ways}`],
    [{ run: 5 }, ': run must be a function; got 5'],
    [{ value: 1, timeoutMs: 0 }, ': timeoutMs must be a finite number of milliseconds above 0; got 0'],
    [{ value: 1, timeout: 5 }, ': unknown option timeout (5); known are value, run, alternates, on, timeoutMs'],
    [[{ value: 1 }, { run: 5 }], '[1]: run must be a function; got 5'],
    [[{ value: 1 }, 5], '[1]: options must be an object; got 5'],
    [[{ value: 1 }, {}], `[1]: ${ways}`],
    [{ alternates: [] }, ': alternates must be a list that is not empty; got []'],
    [{ alternates: spare }, ': alternates must be a list that is not empty; got [object Object]'],
    [{ alternates: [5] }, ': alternates[0] must be an object; got 5'],
    [{ alternates: [{ run }] }, ': alternates[0].policy must be a policy; got undefined'],
    [{ alternates: [{ policy: 'spare', run }] }, ': alternates[0].policy must be a policy; got "spare"'],
    [{ alternates: [{ policy: spare, run }, { policy: spare }] }, ': alternates[1].run must be a function; got undefined'],
    [{ alternates: [{ policy: spare, run, on: [] }] }, ': unknown option alternates[0].on ([]); known are policy, run'],
  ])('%p', async (fallback, text) => {
    expect(await saidOf(fallback)).toEqual([text, text]);
  });

  it('a class or a reason that there is not', async () => {
    for (const on of ['OOPS', 'ABORTED', 'SCHEDULED', 'FALLBACK_FAILED'])
      expect(await saidOf({ value: 1, on: [on] })).toEqual(
        Array(2).fill(expect.stringMatching(/^: on must be a list, each one of AUTH, .*CIRCUIT_OPEN/)),
      );
  });

  it.each([
    { value: undefined },
    { value: 1, run: undefined },
    { run, value: undefined },
    [{ run }],
    { value: 1, on: ['BULKHEAD_FULL', 'AUTH'] },
    false,
  ])('but not with %p', async (fallback) => {
    expect(await saidOf(fallback)).toEqual(['nothing', 'nothing']);
  });

  it('a list that cannot be read', async () => {
    const list = new Proxy([1], {
      get: (target, key) => {
        if (key === Symbol.iterator) throw new Error('no');
        return Reflect.get(target, key) as unknown;
      },
    });
    expect(await saidOf(list)).toEqual([': fallback cannot be read', ': fallback cannot be read']);
  });
});

it('[call.options-read-once] an alternate is read once', async () => {
  const asked = { policy: 0, run: 0 };
  const alternate = {
    get policy() {
      asked.policy += 1;
      return spare;
    },
    get run() {
      asked.run += 1;
      return run;
    },
  };
  const { run: call } = fallen({ fallback: { alternates: [alternate] } });
  for (let calls = 0; calls < 2; calls++) expect(await call()).toMatchObject({ value: 1 });
  expect(asked).toEqual({ policy: 1, run: 1 });
});

describe('[fallback.options] what every object inherits', () => {
  it('is no value', async () => {
    Reflect.set(Object.prototype, 'value', 'evil');
    const said = await saidOf({});
    Reflect.deleteProperty(Object.prototype, 'value');
    expect(said).toEqual([`: ${ways}`, `: ${ways}`]);
  });

  it('but what a class has is', async () => {
    class Nothing {
      get value() {
        return undefined;
      }
    }
    expect(await fallen({ fallback: new Nothing() }).run()).toMatchObject({ ok: true, value: undefined });
  });
});

describe('[fallback.updated] updatePolicy', () => {
  const first = { same: true };
  const second = { same: true };
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;

  it.each<{ given: string; update: object; then: unknown }>([
    { given: 'leaves the fallback', update: { timeoutMs: 50 }, then: first },
    { given: 'replaces it, also by one that looks the same', update: { fallback: { value: second } }, then: second },
    { given: 'replaces it by one that leads to itself', update: { fallback: { value: cyclic } }, then: cyclic },
    { given: 'takes it away', update: { fallback: false }, then: busy },
    { given: 'puts it back to its default, none', update: { fallback: null }, then: busy },
  ])('$given', async ({ update, then }) => {
    const { registry, policy } = fallen({ fallback: { value: first } });
    registry.updatePolicy(policy.name, update);
    registry.updatePolicy(policy.name, { keepAlive: false });
    expect(await policy.call(rejects(busy)).catch((error: unknown) => error)).toBe(then);
  });

  it('leaves a function, and alternates', async () => {
    for (const fallback of [{ run }, { alternates: [{ policy: spare, run }] }]) {
      const { registry, policy } = fallen({ fallback });
      registry.updatePolicy(policy.name, { timeoutMs: 50 });
      expect(await policy.call(rejects(busy))).toBe(1);
    }
  });

  it('of a keyed policy does the same for every key', async () => {
    const keyed = createRegistry().keyedPolicy('keyed', { retry: false, fallback: { value: first } });
    keyed.update({ timeoutMs: 50 });
    expect(await keyed.for('a').call(rejects(busy))).toBe(first);
    keyed.update({ fallback: { value: second } });
    expect(await keyed.for('a').call(rejects(busy))).toBe(second);
    expect(await keyed.for('b').call(rejects(busy))).toBe(second);
    keyed.dispose();
  });

  it('changes nothing for calls that run', async () => {
    const { clock, registry, policy } = fallen({ fallback: { value: first } });
    const call = policy.call(() => clock.sleep(10).then(() => Promise.reject(busy)));
    registry.updatePolicy(policy.name, { fallback: { value: second } });
    expect(await clock.until(call)).toBe(first);
  });
});
