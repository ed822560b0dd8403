/** A figure, short: as many digits as say something. */
export function number(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}

/** What a bar allows, in words; empty where there is none. */
export function allowed({ atMost, aim, noise }) {
  if (atMost === undefined) return '';
  const better = aim === undefined ? '' : `, aim ${number(aim)}`;
  const more = noise === undefined ? '' : `, noise ${number(noise)} on top`;
  return `at most ${number(atMost)}${better}${more}`;
}
