import { join } from 'node:path';

/** The bundlers are installed two folders above the app that is built. */
const root = join(import.meta.dirname, '../..');

export default { turbopack: { root }, outputFileTracingRoot: root, distDir: process.env.DIST_DIR };
