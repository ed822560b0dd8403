import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Labels of a series, its name as `__name__`. */
export type Labels = Readonly<Record<string, string>>;

/** Values of a series as they were scraped; times are milliseconds since 1970, equal for all that one scrape found. */
export interface RawSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly atMs: number; readonly value: number }[];
}

/** What an instant query gives for one set of labels. */
export interface Instant {
  readonly labels: Labels;
  readonly value: number;
}

const SCRAPE_INTERVAL_MS = 250;

/** A real Prometheus on a port and in a folder of its own, which scrapes one target. */
export class Prometheus {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly home: string,
  ) {}

  /** False, said aloud, where its programs are not installed; with CI set it is wanted all the same, and then does not start. */
  static isWanted(): boolean {
    if (isInstalled() || process.env['CI'] === 'true') return true;
    console.warn('prometheus and promtool are not installed: what they say is not tested');
    return false;
  }

  static async start(targetPort: number): Promise<Prometheus> {
    if (!isInstalled()) throw new Error('prometheus and promtool are not installed');
    const home = await mkdtemp(join(tmpdir(), 'redress-prometheus-'));
    const config = {
      global: { scrape_interval: `${SCRAPE_INTERVAL_MS}ms` },
      scrape_configs: [{ job_name: 'storefront', static_configs: [{ targets: [`127.0.0.1:${targetPort}`] }] }],
    };
    // JSON is YAML.
    await writeFile(join(home, 'prometheus.yml'), JSON.stringify(config));
    for (let left = 3; ; left--) {
      const port = await freePort();
      const child = spawn(
        'prometheus',
        [
          `--config.file=${home}/prometheus.yml`,
          `--storage.tsdb.path=${home}/data`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--log.level=error',
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      const prometheus = new Prometheus(child, `http://127.0.0.1:${port}`, home);
      if (await prometheus.isReady()) return prometheus;
      await prometheus.stop();
      // Somebody may have taken the port before it did.
      if (left === 1) throw new Error('Prometheus does not start');
    }
  }

  /** `query` at an instant, or now. */
  async query(query: string, atMs?: number): Promise<Instant[]> {
    const found = await this.ask(query, atMs);
    return list(found).map((each) => ({ labels: labelsOf(each), value: Number(list(field(each, 'value'))[1]) }));
  }

  /** Every sample of the series that a selector matches, from the last hour. */
  async samples(selector: string): Promise<RawSeries[]> {
    const found = await this.ask(`${selector}[1h]`, undefined);
    return list(found).map((each) => ({
      labels: labelsOf(each),
      samples: list(field(each, 'values')).map((pair) => {
        const [seconds, value] = list(pair);
        return { atMs: Math.round(Number(seconds) * 1_000), value: Number(value) };
      }),
    }));
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const killer = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
      await exited;
      clearTimeout(killer);
    }
    await rm(this.home, { recursive: true, force: true });
  }

  private async isReady(): Promise<boolean> {
    const deadline = performance.now() + 15_000;
    while (performance.now() < deadline && this.child.exitCode === null) {
      const ready = await fetch(`${this.url}/-/ready`).then(
        (response) => response.ok,
        () => false,
      );
      if (ready) return true;
      await sleep(100);
    }
    return false;
  }

  private async ask(query: string, atMs: number | undefined): Promise<unknown> {
    const body = new URLSearchParams({ query, ...(atMs === undefined ? {} : { time: (atMs / 1_000).toFixed(3) }) });
    const answer: unknown = await (await fetch(`${this.url}/api/v1/query`, { method: 'POST', body })).json();
    if (field(answer, 'status') !== 'success') throw new Error(`${query}: ${JSON.stringify(answer)}`);
    return field(field(answer, 'data'), 'result');
  }
}

function isInstalled(): boolean {
  return ['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function labelsOf(series: unknown): Labels {
  return Object.fromEntries(Object.entries(Object(field(series, 'metric'))).map(([name, value]) => [name, String(value)]));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function field(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}
