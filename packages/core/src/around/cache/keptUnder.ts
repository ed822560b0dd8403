/**
 * What a result is kept under: the call's own `cacheKey`, and in a keyed policy the key before it, so that no tenant ever gets what is
 * another's.
 */
export function keptUnder(cacheKey: string, ofKey: string | undefined): string {
  return ofKey === undefined ? cacheKey : `${ofKey.replaceAll('%', '%25').replaceAll('/', '%2F')}/${cacheKey}`;
}
