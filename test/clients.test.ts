import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Verdict = readonly [errorClass: string, type?: string, waitMs?: number, again?: boolean, strict?: string];

interface Row {
  readonly client: string;
  readonly version?: string;
  /** The program that its server is, where that is not installed. */
  readonly missing?: string;
  readonly happened?: string;
  readonly then?: Verdict;
  readonly got?: Verdict;
}

const root = join(__dirname, '..');
const PAGE = join(root, 'docs/clients.md');

/** Run in a process of its own: half of the clients are ES modules, which Jest does not load. */
function run(): readonly Row[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/clients/run.mjs'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`the clients ended with ${status}: ${stderr.slice(-2_000)}`);
  return JSON.parse(stdout) as Row[];
}

const rows = run();
const missing = rows.filter((row) => row.missing !== undefined);
for (const row of missing) console.warn(`${row.missing} is not installed: what ${row.client} says of it is not tested`);
const seen = rows.filter((row) => row.missing === undefined);

/** `null` in JSON is `undefined` here. */
function told([errorClass, type, waitMs, again]: Verdict) {
  return { errorClass, type: type ?? undefined, waitMs: waitMs ?? undefined, again: again === true };
}

it('every client is there where its server is, and each is in CI', () => {
  expect(process.env['CI'] === 'true' ? missing : []).toEqual([]);
  expect(seen.length).toBeGreaterThan(100);
});

describe('real clients', () => {
  it.each(seen.map((row) => ({ ...row, title: `${row.client}, ${row.happened}` })))('[classify.clients] $title', ({ then, got }) => {
    expect(got && told(got)).toEqual(then && told(then));
    // The strict classifier of the family says the same, or leaves it to the default rule.
    expect([undefined, null, got?.[0]]).toContain(got?.[4]);
  });
});

function rendered(): string {
  const lines = seen.map(({ client, version, happened, then = ['UNKNOWN'] }) => {
    const { errorClass, type, waitMs, again } = told(then);
    const name = version === undefined ? client : `${client} ${version}`;
    const shown = errorClass === 'ABORTED' ? 'ends as ABORTED' : `\`${errorClass}\``;
    return `| ${name} | ${happened} | ${shown} | ${type === undefined ? '' : `\`${type}\``} | ${waitMs === undefined ? '' : `${waitMs} ms`} | ${again ? 'yes' : 'no'} |`;
  });
  return `# Real clients, and what their failures are

Each client is made to fail on loopback: by a port where nobody listens, by real sockets that reset, hang or break off, by a PostgreSQL and a Redis of Debian's, a gRPC and an SMTP server, by mysql2's own server end, by a name server that knows no name. The default rule then says what it is. \`UPDATE_DOCS=1 npx jest test/clients\` makes this page from [test/clients](../test/clients), which also holds it; not edited by hand.

What could not be provoked so stands in [classes.md](classes.md), written after the clients' sources. *Wait* is what the other side asked for. The last column is about calls with \`idempotent: false\`, which are retried only after what proves that nothing was done. A timeout that a client tells as it tells a cancel (node-fetch) cannot be told apart: give it an \`AbortController\` of your own with a \`TimeoutError\` as its reason, or leave the timeout to the policy.

| client | what happened | class | error.type | wait | retried when not idempotent |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
}

const [major = 0] = process.versions.node.split('.').map(Number);
// Node 24 has another undici, and words of its own.
(missing.length === 0 && major < 24 ? it : it.skip)('docs/clients.md shows this', () => {
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(PAGE, rendered());
  expect(readFileSync(PAGE, 'utf8')).toBe(rendered());
});
