import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const program = 'chromium';
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];
const patienceMs = 20_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly exceptionDetails?: { readonly exception?: { readonly description?: string } } };
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

export interface View {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  readonly scale?: number;
}

/** A headless Chromium with one page, driven over its debugging pipe. */
export class Chromium {
  /** Errors of the page that nothing caught, and what it wrote to console.error. */
  readonly errors: string[] = [];
  readonly #home = mkdtempSync(join(tmpdir(), 'redress-chromium-'));
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #sent = 0;
  #sessionId: string | undefined;

  /** False, said aloud, where it is not installed; with CI set it is wanted all the same, and then does not start. */
  static isWanted(): boolean {
    if (spawnSync(program, ['--version']).status === 0 || process.env['CI'] === 'true') return true;
    console.warn('chromium is not installed: what the page shows is not tested');
    return false;
  }

  static async start(): Promise<Chromium> {
    const chromium = new Chromium();
    const { targetId } = await chromium.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await chromium.#send('Target.attachToTarget', { targetId, flatten: true });
    chromium.#sessionId = String(sessionId);
    await chromium.#send('Page.enable');
    await chromium.#send('Runtime.enable');
    return chromium;
  }

  private constructor() {
    this.#child = spawn(program, [...flags, `--user-data-dir=${this.#home}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, which ends as a whole
    });
    this.#child.on('error', (error) => {
      for (const answer of this.#waiting.values()) answer({ error: { message: error.message } });
    });
    let text = '';
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const messages = text.split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) this.#receive(JSON.parse(message) as Message);
    });
    this.#child.stdio[3]?.on('error', () => undefined);
  }

  async view({ width, height, dark = false, scale = 1 }: View): Promise<void> {
    await this.#send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: scale, mobile: false });
    await this.#send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] });
  }

  async open(url: string): Promise<void> {
    await this.#send('Page.navigate', { url });
  }

  /** The value of an expression, or of what its promise resolves to. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.#send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    })) as {
      readonly result: { readonly value: T; readonly description?: string };
      readonly exceptionDetails?: unknown;
    };
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${result.description}`);
    return result.value;
  }

  async movePointer(x: number, y: number): Promise<void> {
    await this.#send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
  }

  async press(key: string): Promise<void> {
    await this.#send('Input.dispatchKeyEvent', { type: 'keyDown', key, code: key, ...(key === 'Enter' ? { text: '\r' } : {}) });
    await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key });
  }

  /** A PNG of what is in view. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.#send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(String(data), 'base64');
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.pid !== undefined) {
      // With its own processes, which would go on writing into its folder.
      process.kill(-this.#child.pid, 'SIGKILL');
      await exited;
    }
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #receive({ id, method, params, result, error }: Message): void {
    if (method === 'Runtime.exceptionThrown') {
      this.errors.push(params?.exceptionDetails?.exception?.description ?? 'an exception');
    } else if (method === 'Runtime.consoleAPICalled' && (params as { readonly type?: string }).type === 'error') {
      this.errors.push(JSON.stringify(params));
    } else if (id !== undefined) {
      this.#waiting.get(id)?.({ ...(result === undefined ? {} : { result }), ...(error === undefined ? {} : { error }) });
    }
  }

  #send(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#sent;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${program} does not answer ${method}`)), patienceMs);
      this.#waiting.set(id, ({ result, error }) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      const session = this.#sessionId === undefined ? {} : { sessionId: this.#sessionId };
      (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    });
  }
}
