/** Which tests prove which rules: pure, so that it can be tested. */

/** `[breaker.stale-result]` in a title; both parts are lower case, so that `[object Object]` or `[0, 1]` is none. */
const ID = /\[([a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*)\]/g;

/** The ids of rules in a test's title. */
export function idsIn(title) {
  return [...title.matchAll(ID)].map((match) => match[1]);
}

/** Text order that is the same on every machine. */
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Sorts the tests that ran under the ids in their titles. A skipped test proves nothing. */
export function matchRules(sections, tests) {
  const known = new Set(sections.flatMap((section) => section.rules.map((rule) => rule.id)));
  const byRule = new Map([...known].map((id) => [id, []]));
  const unknown = [];
  for (const { file, name, status } of tests) {
    if (status !== 'passed' && status !== 'failed') continue;
    for (const id of new Set(idsIn(name))) {
      if (known.has(id)) byRule.get(id).push({ file, name });
      else unknown.push({ id, file, name });
    }
  }
  return { byRule, unknown, unproven: [...known].filter((id) => byRule.get(id).length === 0) };
}

/** A name as a table's cell and one line of it: the ids are in the row already. */
function cell(text) {
  return text.replace(ID, '').replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;').trim();
}

/** Names of one file that a row shows; a table of given and then can have hundreds. */
const SHOWN = 5;

function someOf(names) {
  const sorted = [...new Set(names)].sort(byText);
  const more = sorted.length - SHOWN;
  return more > 0 ? [...sorted.slice(0, SHOWN), `and ${more} more`] : sorted;
}

function testsOf(found) {
  const byFile = new Map();
  for (const { file, name } of found) byFile.set(file, [...(byFile.get(file) ?? []), cell(name)]);
  return [...byFile.entries()]
    .sort(([a], [b]) => byText(a, b))
    .map(([file, names]) => [`*${file}*`, ...someOf(names)].join('<br>'))
    .join('<br>');
}

/** The Markdown of test/RULES.md. */
export function renderRules(sections, { byRule }) {
  const lines = [
    '# Rules and their tests',
    '',
    'Made by `npm run rules` from rules.yaml and the titles of the tests that ran; not edited by hand.',
  ];
  for (const { title, rules } of sections) {
    lines.push('', `## ${title}`, '', '| rule | | tests |', '|---|---|---|');
    for (const { id, rule } of rules) lines.push(`| ${id} | ${cell(rule)} | ${testsOf(byRule.get(id))} |`);
  }
  return `${lines.join('\n')}\n`;
}
