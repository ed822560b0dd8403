import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CopiedCore } from './CopiedCore.js';

const page = readFileSync(join(__dirname, '../../docs/adding-a-gate.md'), 'utf8');

const program = `import { policy } from './index.js';
const narrow = policy('narrow', { turnstile: { maxConcurrent: 1 } });
let end = (): void => undefined;
const first = narrow.call(() => new Promise<void>((resolve) => { end = resolve; }));
const second = await narrow.settle(() => 'never');
const { turnstile } = narrow.stats();
console.log(turnstile?.maxConcurrent, JSON.stringify(turnstile) === JSON.stringify({ ...turnstile, inFlight: narrow.turnstile?.inFlight }));
console.log(second.ok ? 'ok' : \`\${second.stopReason} by \${String(second.error)}\`, narrow.turnstile?.inFlight);
end();
await first;
console.log(await narrow.call(() => 'next'), narrow.turnstile?.inFlight);
`;

describe('the page on adding a gate', () => {
  const core = new CopiedCore();
  afterAll(() => core.remove());

  it('has at most 40 lines', () => {
    expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('makes a gate that compiles, refuses and lets through, by doing what it says', () => {
    const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands = '']) => commands);
    expect(blocks).toHaveLength(3);
    for (const commands of blocks) core.shell(commands);
    core.shell('node scripts/semconv.js');
    expect(core.check()).toBe('');
    expect(core.run(program)).toBe('1 true\nTURNSTILE_FULL by TurnstileFullError: Turnstile narrow is full: 1 run 1\nnext 0\n');
  });

  it('names every file that a gate has', () => {
    const named = [...page.matchAll(/`([\w….]+\.ts)`/g)].map(([, name]) => name);
    expect(named).toEqual(expect.arrayContaining(['options.ts', '…Engine.ts', '…Gate.ts', 'Turnstile.ts', 'part.ts', 'index.ts']));
  });
});
