import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const next = createRequire(import.meta.url).resolve('next/dist/bin/next');

function start(directory, distDir, args) {
  const env = { ...process.env, DIST_DIR: distDir, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
  const child = spawn(process.execPath, [next, ...args], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (told.text += text));
  const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { child, told, ended };
}

async function build(directory, distDir, args) {
  const { told, ended } = start(directory, distDir, ['build', ...args]);
  const code = await ended;
  if (code !== 0 || /warn|not exported|was not found|error/i.test(told.text)) throw new Error(told.text);
}

/** What the route handler says; the page is asked too, since it is rendered on the server from the client's code. */
async function say(directory, distDir) {
  const { child, told, ended } = start(directory, distDir, ['start', '--port', '0', '--hostname', '127.0.0.1']);
  try {
    const url = await new Promise((resolve, reject) => {
      const look = () => {
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(told.text)?.[0];
        if (found !== undefined && told.text.includes('Ready')) resolve(found);
      };
      child.stdout.on('data', look);
      ended.then(() => reject(new Error(told.text)));
      setTimeout(() => reject(new Error(`it did not start:\n${told.text}`)), 30_000).unref();
    });
    // One after the other: each binds the telemetry of the process to a provider of its own.
    const page = await (await fetch(url)).text();
    const route = await (await fetch(`${url}/api`)).text();
    if (!page.includes(route)) throw new Error(`the page does not say ${route}:\n${page}\n${told.text}`);
    return route;
  } finally {
    child.kill();
    await ended;
  }
}

async function built(directory, distDir, args) {
  await build(directory, distDir, args);
  return say(directory, distDir);
}

export const builds = {
  Turbopack: (directory) => built(directory, 'built-turbopack', []),
  webpack: (directory) => built(directory, 'built-webpack', ['--webpack']),
};
