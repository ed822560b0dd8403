/** As long as backends let a value be. */
const LONGEST = 255;
const LONE_SURROGATES = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * A name as it is shown: cut, and well-formed. Names that differ in what UTF-8 cannot say would be two rows here and one in the exposition,
 * of which Prometheus keeps one and drops the other.
 */
export function shownName(name: string): string {
  const cut = name.length > LONGEST ? name.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '') : name;
  return cut.replace(LONE_SURROGATES, '\uFFFD');
}
