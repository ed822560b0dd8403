/** The peers, in the version that the process is asked for: `--newest` takes that of `peers/`, else it is that of the root. */
import { readFileSync } from 'node:fs';
import { load } from '../peers/load.js';

export const newest = process.argv.includes('--newest');

const home = new URL(newest ? '../peers/node_modules/' : '../../node_modules/', import.meta.url);

/** A peer's module, or one `inside` of it, and its name with the version. Fails where it is not installed, instead of taking another version. */
export async function loadPeer(name, inside) {
  const specifier = inside === undefined ? name : `${name}/${inside}`;
  const { version } = JSON.parse(readFileSync(new URL(`${name}/package.json`, home), 'utf8'));
  return { module: newest ? await load(specifier) : await import(specifier), title: `${name} ${version}` };
}

/** A figure beside a peer. The versions of the root carry the bars, on every Node; the newest are printed. */
export const besidePeer = ({ atMost, aim, ...figure }) => (newest ? figure : { ...figure, atMost, aim });
