import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A program in a process of its own, on built packages: its exporter cannot run inside Jest. It obeys (fixtures/obey.mjs). */
export class ChildProgram {
  private constructor(
    private readonly child: ChildProcess,
    readonly metricsPort: number,
  ) {}

  static async start(file: string, collectorUrl: string): Promise<ChildProgram> {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OTEL_') && !name.startsWith('JEST_'));
    const child = fork(file, { execArgv: [], env: { ...Object.fromEntries(inherited), COLLECTOR_URL: collectorUrl } });
    try {
      return new ChildProgram(child, Number(at(await ask(child, 'serve'), 'port')));
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Tells it to do something; resolves with what it says when that is done. One thing at a time. */
  ask(deed: string, more: object = {}): Promise<unknown> {
    return ask(this.child, deed, more);
  }

  /** What a scraper would get now. */
  async scrape(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
  }

  /** Sends its last spans and ends by itself; resolves with all that was told through `diag`. */
  async end(): Promise<unknown> {
    const exited = once(this.child, 'exit');
    const warnings = at(await ask(this.child, 'end'), 'warnings');
    await exited;
    return warnings;
  }

  /** Harmless when it has ended. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}

function ask(child: ChildProcess, deed: string, more: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const exited = (code: number | null, signal: string | null): void => reject(new Error(`the program ended: ${code ?? signal}`));
    child.once('exit', exited);
    child.once('message', (answer) => {
      child.off('exit', exited);
      const failed = at(answer, 'failed');
      if (failed === undefined) resolve(answer);
      else reject(new Error(`the program could not ${deed}: ${String(failed)}`));
    });
    child.send({ deed, ...more });
  });
}

/** What an answer has under a name. */
export function at(answer: unknown, key: string): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, key) : undefined;
}
