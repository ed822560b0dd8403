import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FORMATS = ['esm', 'cjs'];

/**
 * The entries of a package, read from its `exports`: `./telemetry` is src/telemetry/index.ts and becomes telemetry.js. Each is
 * published in those module systems whose folder its `exports` name. The order counts: an entry may import the ones before it.
 */
export function entriesOf(home) {
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return Object.entries(exports)
    .filter(([subpath]) => !subpath.endsWith('.json'))
    .map(([subpath, targets]) => {
      const name = subpath === '.' ? 'index' : subpath.slice('./'.length);
      const source = subpath === '.' ? 'index.ts' : `${name}/index.ts`;
      if (!existsSync(join(home, 'src', source))) throw new Error(`${home}: \`exports\` has ${subpath}, and there is no src/${source}`);
      const published = JSON.stringify(targets);
      return { name, source, formats: FORMATS.filter((format) => published.includes(`"./dist/${format}/${name}.js"`)) };
    });
}
