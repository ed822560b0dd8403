import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Happened } from './Happened.js';

const PROGRAM = join(__dirname, 'fixtures/storefront.mjs');

/** The storefront in a process of its own, on built packages: its exporter cannot run inside Jest. */
export class Storefront {
  private constructor(
    private readonly child: ChildProcess,
    readonly metricsPort: number,
  ) {}

  static async start(collectorUrl: string): Promise<Storefront> {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OTEL_') && !name.startsWith('JEST_'));
    const child = fork(PROGRAM, { execArgv: [], env: { ...Object.fromEntries(inherited), COLLECTOR_URL: collectorUrl } });
    try {
      return new Storefront(child, Number(at(await ask(child, 'serve'), 'port')));
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Makes the first call of each policy and operation, which succeeds. */
  async open(): Promise<void> {
    await ask(this.child, 'open');
  }

  /** Makes at least that many calls; resolves with the time on its clock once none of them runs any more. */
  async round(calls: number): Promise<number> {
    return Number(at(await ask(this.child, 'round', { calls }), 'clockMs'));
  }

  /** Disposes of the policy `pop-up`; resolves with the time on its clock. */
  async dispose(): Promise<number> {
    return Number(at(await ask(this.child, 'dispose'), 'clockMs'));
  }

  async happened(): Promise<Happened> {
    return (await ask(this.child, 'ledger')) as Happened;
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

/** Tells the child to do something; resolves with what it says when that is done. One thing at a time. */
function ask(child: ChildProcess, deed: string, more: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const exited = (code: number | null, signal: string | null): void => reject(new Error(`the storefront ended: ${code ?? signal}`));
    child.once('exit', exited);
    child.once('message', (answer) => {
      child.off('exit', exited);
      const failed = at(answer, 'failed');
      if (failed === undefined) resolve(answer);
      else reject(new Error(`the storefront could not ${deed}: ${String(failed)}`));
    });
    child.send({ deed, ...more });
  });
}

function at(answer: unknown, key: string): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, key) : undefined;
}
