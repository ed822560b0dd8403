/** The longest name, in UTF-16 units. Some backends cut what is longer, and two names that they cut alike would be one. */
const LONGEST = 255;

/**
 * A name as it may be kept, compared and told: of at most 255 characters, and well-formed Unicode. In UTF-8, which backends speak, all
 * lone surrogates are one character, so that names which differ in nothing else would be two series under one name.
 */
export function properName(text: string): string {
  return wellFormed(text.length > LONGEST ? cut(text) : text);
}

/** Not through the middle of a character that takes two units. */
function cut(text: string): string {
  return text.slice(0, (text.codePointAt(LONGEST - 1) ?? 0) > 0xffff ? LONGEST - 1 : LONGEST);
}

function wellFormed(text: string): string {
  const toWellFormed: unknown = Reflect.get(String.prototype, 'toWellFormed');
  return typeof toWellFormed === 'function' ? Reflect.apply(toWellFormed, text, []) : text.replace(/\p{Surrogate}/gu, '\ufffd');
}
