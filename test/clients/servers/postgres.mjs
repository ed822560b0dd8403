import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './redis.mjs';

/** Where Debian has the newest PostgreSQL; undefined without one. */
export function postgresHome() {
  try {
    const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
    return versions[0] === undefined ? undefined : `/usr/lib/postgresql/${versions[0]}/bin`;
  } catch {
    return undefined;
  }
}

/** PostgreSQL on loopback; as another user where this is root, for initdb refuses root. */
export async function startPostgres() {
  const bin = postgresHome();
  const home = mkdtempSync(join(tmpdir(), 'redress-postgres-'));
  const who = process.getuid() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  if (who.uid !== undefined) chownSync(home, who.uid, who.gid);
  const data = join(home, 'data');
  const made = spawnSync(`${bin}/initdb`, ['-D', data, '-U', 'shop', '--auth=trust', '--no-sync', '-E', 'UTF8'], {
    ...who,
    encoding: 'utf8',
    cwd: home,
  });
  if (made.status !== 0) throw new Error(`initdb ended with ${made.status}: ${made.stderr}`);
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${home}`,
    'fsync=off',
    'max_connections=8',
    'superuser_reserved_connections=1',
  ];
  const child = spawn(`${bin}/postgres`, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...who,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.setEncoding('utf8');
  await new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
      if (text.includes('ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)));
  });
  child.removeAllListeners('exit');
  return {
    port,
    stop: async () => {
      child.kill('SIGQUIT');
      await once(child, 'exit');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
