/** Imports a package from this folder's own node_modules, which come before those of the root. */
export const load = (name) => import(name);
