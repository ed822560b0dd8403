import { at, el } from './el.js';
import { ago, duration, kinds } from './words.js';

/** For so long after a person's last move in the list it stays as it is. */
const heldForMs = 5_000;
/** A trace whose root has not come yet has a name that will change; after so long it is shown all the same. */
const patienceMs = 3_000;

const shownAll = new Set();
let shownIds = new Set();
let movedAtMs = Number.NEGATIVE_INFINITY;
let latest;
let choose = () => undefined;
let chosenId;

/** Calls `onChoice` with the id of the trace that a person chose. */
export function startList(onChoice) {
  choose = onChoice;
  for (const type of ['pointermove', 'pointerdown', 'wheel', 'keydown', 'focusin', 'scroll']) {
    at('list').addEventListener(type, moved, { passive: true, capture: true });
  }
  at('list').addEventListener('pointerleave', () => release());
  at('list').addEventListener('keydown', walk);
  at('new').onclick = () => release();
}

let settingFocus = false;
function moved() {
  if (!settingFocus) movedAtMs = performance.now();
}

function release() {
  movedAtMs = Number.NEGATIVE_INFINITY;
  if (latest !== undefined) draw();
}

function walk(event) {
  if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || !document.activeElement.matches('.item')) return;
  const items = [...document.querySelectorAll('.item')];
  items[items.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  event.preventDefault();
}

/** Shows the traces; while a person moves in the list, only how many are new. */
export function showList(groups, chosen) {
  const nowMs = Date.now();
  latest = groups
    .map((group) => ({
      ...group,
      traces: group.traces.filter(({ rooted, startMs, durationMs }) => rooted || startMs + durationMs < nowMs - patienceMs),
    }))
    .filter(({ traces }) => traces.length > 0);
  if (chosen !== chosenId) {
    chosenId = chosen;
    mark();
  }
  if (performance.now() - movedAtMs < heldForMs && shownIds.size > 0) {
    const fresh = latest.flatMap(({ traces }) => traces).filter(({ traceId }) => !shownIds.has(traceId)).length;
    at('new').hidden = fresh === 0;
    at('new').textContent = `${fresh} new: show`;
  } else if (latest.length > 0) {
    draw();
  }
}

function mark() {
  for (const item of document.querySelectorAll('.item')) item.setAttribute('aria-current', String(item.dataset.id === chosenId));
}

function draw() {
  const focused = document.activeElement?.dataset?.id;
  const before = shownIds;
  shownIds = new Set(latest.flatMap(({ traces }) => traces.map(({ traceId }) => traceId)));
  at('new').hidden = true;
  at('groups').replaceChildren(...latest.map((group) => groupView(group, before)));
  // Who has reached a trace by keyboard keeps standing on it.
  if (focused !== undefined) {
    settingFocus = true;
    document.querySelector(`.item[data-id="${focused}"]`)?.focus({ preventScroll: true });
    settingFocus = false;
  }
}

function groupView({ kind, count, traces }, before) {
  const [title, tone, sign] = kinds[kind];
  const most = shownAll.has(kind) ? traces.length : kind === 'fine' ? 2 : 4;
  const shown = traces.slice(0, most);
  // The chosen one stays in sight, however many newer ones there are.
  const chosen = traces.find(({ traceId }) => traceId === chosenId);
  if (chosen !== undefined && !shown.includes(chosen)) shown.push(chosen);
  const left = traces.length - shown.length;
  return el(
    'div',
    { class: `group ${tone}` },
    el('h3', {}, el('span', {}, `${sign} ${title}`), el('span', {}, String(count))),
    shown.map((trace) => item(trace, before.size > 0 && !before.has(trace.traceId))),
    left > 0 ? el('button', { class: 'more small', onclick: () => showAll(kind) }, `${left} more`) : undefined,
  );
}

function showAll(kind) {
  shownAll.add(kind);
  release();
}

function item({ traceId, headline, name, durationMs, startMs }, isFresh) {
  return el(
    'button',
    {
      class: isFresh ? 'item fresh' : 'item',
      'data-id': traceId,
      'aria-current': String(traceId === chosenId),
      onclick: () => choose(traceId),
    },
    el('span', {}, headline),
    el('span', { class: 'soft small' }, `${name} · ${duration(durationMs)} · ${ago(Date.now() - startMs)}`),
  );
}
