import { join } from 'node:path';
import { at, ChildProgram } from './ChildProgram.js';
import type { Happened } from './Happened.js';

/** The storefront, as its parent tells it what to do. */
export class Storefront {
  private constructor(private readonly program: ChildProgram) {}

  static async start(collectorUrl: string): Promise<Storefront> {
    return new Storefront(await ChildProgram.start(join(__dirname, 'fixtures/storefront.mjs'), collectorUrl));
  }

  get metricsPort(): number {
    return this.program.metricsPort;
  }

  /** Makes the first call of each policy and operation, which succeeds. */
  async open(): Promise<void> {
    await this.program.ask('open');
  }

  /** Makes at least that many calls; resolves with the time on its clock once none of them runs any more. */
  async round(calls: number): Promise<number> {
    return Number(at(await this.program.ask('round', { calls }), 'clockMs'));
  }

  /** Disposes of the policy `pop-up`; resolves with the time on its clock. */
  async dispose(): Promise<number> {
    return Number(at(await this.program.ask('dispose'), 'clockMs'));
  }

  async happened(): Promise<Happened> {
    return (await this.program.ask('ledger')) as Happened;
  }

  /** What a scraper would get now. */
  scrape(): Promise<string> {
    return this.program.scrape();
  }

  /** Sends its last spans and ends by itself; resolves with all that was told through `diag`. */
  end(): Promise<unknown> {
    return this.program.end();
  }

  /** Harmless when it has ended. */
  kill(): void {
    this.program.kill();
  }
}
