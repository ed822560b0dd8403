import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createContext, Script } from 'node:vm';

/** What a script says when Node runs it. */
export function sayOfNode(file) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    child.on('error', reject);
    child.on('close', () => resolve(said.trim()));
  });
}

/** What a script for browsers says where there is what browsers have, and nothing of Node. */
export function sayOfBrowser(file) {
  const { AbortController, AbortSignal, clearTimeout, DOMException, MessageChannel, performance, queueMicrotask, setTimeout, URL } =
    globalThis;
  return new Promise((resolve, reject) => {
    const console = { log: resolve, warn: reject, error: reject };
    const globals = {
      AbortController,
      AbortSignal,
      clearTimeout,
      console,
      DOMException,
      MessageChannel,
      performance,
      queueMicrotask,
      setTimeout,
      URL,
    };
    const context = createContext({ ...globals, addEventListener() {} });
    context.self = context;
    context.window = context;
    new Script(readFileSync(file, 'utf8'), { filename: file }).runInContext(context);
    setTimeout(() => reject(new Error('it said nothing')), 10_000).unref();
  });
}
