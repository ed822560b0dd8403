/** What a person may ask of the story from the page. */
export type Direction = { readonly to: 'hold' } | { readonly to: 'go-on' } | { readonly to: 'play'; readonly step: number };

/** Reads one from JSON. Throws a TypeError for what is none. */
export function readDirection(given: unknown): Direction {
  const { to, step } = typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
  if (to === 'hold' || to === 'go-on') {
    return { to };
  }
  if (to === 'play' && typeof step === 'number' && Number.isInteger(step) && step > 0) {
    return { to, step };
  }
  throw new TypeError('to must be hold, go-on, or play with the number of a step');
}
