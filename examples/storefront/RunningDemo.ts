import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const main = join(__dirname, 'dist/main.js');

/** The built demo in a process of its own, on ports of its own. */
export class RunningDemo {
  output = '';

  /** Throws when the demo is not built. */
  static mustBeBuilt(): void {
    if (!existsSync(main)) {
      throw new Error('the demo is not built: npm run build');
    }
  }

  readonly #child: ChildProcess;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const ports = ['--page-port=0', '--shop-port=0', '--metrics-port=0'];
    this.#child = spawn(process.execPath, [main, ...ports, ...args], { env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: '', ...env } });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  /** An address that the demo told in its welcome. */
  url(after: 'Open this:' | 'metrics' | 'shop'): Promise<string> {
    return eventually(
      `the demo tells its address after "${after}"`,
      10_000,
      () => new RegExp(`${after}\\s+(http://localhost:\\d+)`).exec(this.output)?.[1],
    );
  }

  /** Ends it by a signal. Milliseconds it took, and what became of it. */
  async end(signal: NodeJS.Signals): Promise<{ readonly tookMs: number; readonly code: unknown; readonly signal: unknown }> {
    const startMs = performance.now();
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    const [code, endedBy] = await exited;
    return { tookMs: performance.now() - startMs, code, signal: endedBy };
  }

  exited(): Promise<unknown[]> {
    return once(this.#child, 'exit');
  }

  killIfRunning(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
    }
  }
}

export async function eventually<T>(what: string, withinMs: number, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) {
      return seen;
    }
    if (performance.now() > deadline) {
      throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    }
    await sleep(200);
  }
}

export async function json<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}
