import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { startNode } from '../../packages/instrumentation-resilience/src/fixtures/runNode.js';
import { root, type Snippet } from './snippetsOf.js';

const RAN = 'the snippet ran';

/** How a snippet ran. */
export interface SnippetRun {
  /** It ended by itself, or by the SIGTERM that it was sent when it was through. */
  readonly ended: boolean;
  readonly stderr: string;
  /** What it printed of what it says that it prints; all of that when all is well. */
  readonly printed: readonly string[];
}

/** A folder from which snippets are compiled and run as a user's modules, against the built packages and a loopback server. */
export class SnippetHome {
  private constructor(
    private readonly folder: string,
    private readonly server: Server,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async open(): Promise<SnippetHome> {
    const folder = mkdtempSync(join(tmpdir(), 'redress-snippets-'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const prelude = readFileSync(join(__dirname, 'prelude.mts'), 'utf8');
    writeFileSync(join(folder, 'prelude.mts'), prelude);
    writeFileSync(join(folder, 'prelude.mjs'), javaScriptOf(prelude));
    // Stands for the service that is called as well as for the collector, which answers a POST with nothing.
    const server = createServer((request, response) => {
      request.resume();
      if (request.method === 'POST') response.end();
      else response.setHeader('content-type', 'application/json').end('{"count":3}');
    });
    const port = await listen(server);
    const url = `http://127.0.0.1:${port}/`;
    const env = {
      SNIPPET_URL: url,
      INVENTORY_URL: url,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_PROMETHEUS_PORT: String(await freePort()),
    };
    return new SnippetHome(folder, server, env);
  }

  /** What a user's strict compiler says of them. */
  errorsOf(snippets: readonly Snippet[]): readonly string[] {
    const files = new Map(snippets.map((snippet, index) => [join(this.folder, `snippet-${index}.mts`), snippet]));
    for (const [file, { text }] of files) writeFileSync(file, `${text}\nexport {};\n`);
    const program = ts.createProgram([...files.keys(), join(this.folder, 'prelude.mts')], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    });
    return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const name = file === undefined ? '' : (files.get(file.fileName)?.where ?? file.fileName);
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `${name} +${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  }

  /** Runs it in a Node of its own. */
  async run({ text, prints }: Snippet): Promise<SnippetRun> {
    const script = join(this.folder, 'snippet.mjs');
    writeFileSync(script, javaScriptOf(`${text}\nprocess.stdout.write('${RAN}\\n');\n`));
    const child = startNode(['--import', join(this.folder, 'prelude.mjs'), script], this.env);
    // A snippet that fails never gets there; its stderr then says why.
    await child.said(RAN).catch(() => undefined);
    child.kill('SIGTERM');
    const { code, signal, stdout, stderr } = await child.ended;
    const lines = stdout.split('\n');
    let from = 0;
    const printed = prints.filter((line) => {
      const at = lines.indexOf(line, from);
      if (at >= 0) from = at + 1;
      return at >= 0;
    });
    return { ended: stdout.includes(RAN) && (code === 0 || signal === 'SIGTERM'), stderr, printed };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
    this.server.closeAllConnections();
    this.server.close();
  }
}

function javaScriptOf(source: string): string {
  return ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } }).outputText;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port that nothing listens on; the Prometheus exporter takes 0 for its default. */
async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
