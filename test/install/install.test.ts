import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a newcomer does: pastes the install lines of the READMEs in order into an empty folder, and then the SDK snippet. The packages come
 * from their tarballs, everything else from the registry, in the versions that npm chooses for this Node.
 */

const root = join(__dirname, '../..');
const packages = ['core', 'instrumentation-resilience'];
const house = 'README.md';
const pages = [...packages.map((name) => `packages/${name}/README.md`), house];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Lines of a page that begin with `npm install`, without their comments. */
function installLines(page: string): string[] {
  return [...read(page).matchAll(/^npm install ([^#\n]+)/gm)].map(([, names = '']) => names.trim());
}

/** The TypeScript snippets of a page that start an SDK. */
function sdkSnippets(page: string): string[] {
  return [...read(page).matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code).filter((code) => code.includes('sdk.start()'));
}

/** The packages that a snippet imports. */
function importsOf(snippet: string): string[] {
  return [...snippet.matchAll(/from '((?:@[^/']+\/)?[^/'.]+)/g)].map(([, name = '']) => name).filter((name) => !name.startsWith('node:'));
}

/** Without the preload by which the tests of OpenTelemetry's second line lend its packages: here those count that were installed. */
const { NODE_OPTIONS: _, ...environment } = process.env;

const snippets = pages.flatMap((page) => sdkSnippets(page).map((snippet) => ({ page, snippet })));

describe('the snippets that start an SDK', () => {
  it('are there', () => {
    expect(snippets.map(({ page }) => page)).toEqual(['packages/instrumentation-resilience/README.md', house]);
  });

  it.each(snippets)('import nothing that the install lines of $page leave out', ({ page, snippet }) => {
    const installed = installLines(page).flatMap((line) => line.split(/\s+/));
    expect(importsOf(snippet).filter((name) => !installed.includes(name))).toEqual([]);
  });
});

describe('an empty folder', () => {
  const home = mkdtempSync(join(tmpdir(), 'redress-install-'));
  const tarballs = new Map<string, string>();

  beforeAll(() => {
    writeFileSync(join(home, 'package.json'), '{ "private": true, "type": "module" }');
    for (const name of packages) {
      const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', home];
      const { stdout, stderr } = spawnSync('npm', args, { cwd: join(root, 'packages', name), encoding: 'utf8' });
      const file = stdout.trim().split('\n').at(-1);
      if (!file) throw new Error(`npm pack: ${stderr}`);
      tarballs.set(`@redress/${name}`, `./${file}`);
    }
  }, 60_000);

  afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

  const lines = pages.flatMap((page) => installLines(page).map((line) => ({ page, line })));

  it.each(lines)(
    'takes "npm install $line" of $page',
    ({ line }) => {
      const names = line.split(/\s+/).map((name) => tarballs.get(name) ?? name);
      const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...names];
      const { status, stderr } = spawnSync('npm', args, { cwd: home, env: environment, encoding: 'utf8', timeout: 120_000 });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
    120_000,
  );

  it.each(snippets)(
    'then shows a call and in it a client span for each attempt, by the snippet of $page',
    async ({ snippet }) => {
      writeFileSync(join(home, 'telemetry.js'), snippet);
      writeFileSync(join(home, 'app.js'), app);
      expect(await spansOfApp(home)).toEqual([
        { name: 'get-stock', parent: undefined, resends: undefined },
        { name: 'GET', parent: 'get-stock', resends: undefined },
        { name: 'GET', parent: 'get-stock', resends: 1 },
      ]);
    },
    60_000,
  );
});

/** An upstream that answers 503 once, a call, and time for its spans to leave. */
const app = `
import { createServer } from 'node:http';
import { policy, throwIfNotOk } from '@redress/core';

let asked = 0;
const upstream = createServer((request, response) => response.writeHead(asked++ === 0 ? 503 : 200).end('{}'));
await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve));
const url = 'http://127.0.0.1:' + upstream.address().port;
const inventory = policy('inventory', { timeoutMs: 10_000 });
await inventory.call(async ({ signal }) => throwIfNotOk(await fetch(url, { signal })).json(), { operation: 'get-stock' });
setInterval(() => undefined, 1_000);
`;

interface Seen {
  readonly name: string;
  readonly parent: string | undefined;
  readonly resends: number | undefined;
}

/** Runs the app until three spans have come, which is all it makes; they are told parents first. */
async function spansOfApp(home: string): Promise<Seen[]> {
  const spans: OtlpSpan[] = [];
  let told: () => void = () => undefined;
  const allCame = new Promise<void>((resolve) => {
    told = resolve;
  });
  const collector = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url === '/v1/traces') spans.push(...spansIn(JSON.parse(body)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    if (spans.length >= 3) told();
  });
  await once(collector.listen(0, '127.0.0.1'), 'listening');
  const env = {
    ...environment,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_EXPORTER_PROMETHEUS_PORT: '0',
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  const child = spawn(process.execPath, ['--import', './telemetry.js', 'app.js'], { cwd: home, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the app ended: ${output}`)));
  try {
    await Promise.race([allCame, ended]);
  } finally {
    ended.catch(() => undefined);
    child.kill('SIGKILL');
    collector.close();
    collector.closeAllConnections();
  }
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans
    .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)) || (a.parentSpanId ? 1 : -1))
    .map(({ name, parentSpanId, attributes }) => ({
      name,
      parent: parentSpanId ? names.get(parentSpanId) : undefined,
      resends: attributes.find(({ key }) => key === 'http.request.resend_count')?.value.intValue,
    }));
}

interface OtlpSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly intValue?: number } }[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
}

function spansIn({ resourceSpans }: OtlpRequest): readonly OtlpSpan[] {
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}
