import { at, el, replace, write } from './el.js';
import { showFigures } from './figures.js';
import { followed } from './followed.js';
import { showStory, startStory } from './story.js';
import { showList, startList } from './traceList.js';
import { traceView } from './traceView.js';
import { showUpstreams } from './upstreams.js';

const everyMs = 1_000;

let chosenByHand = false;
let chosen;
let drawn = '';

function fromHash() {
  const traceId = location.hash.slice(1);
  if (!/^[0-9a-f]{32}$/.test(traceId)) return;
  chosenByHand = true;
  chosen = traceId;
  showTrace().then(() => {
    if (innerWidth <= 760) at('trace').scrollIntoView();
  });
}

function choose(traceId) {
  location.hash = traceId;
}

function followAgain() {
  chosenByHand = false;
  history.replaceState(null, '', location.pathname + location.search);
  refresh();
}

async function showTrace() {
  if (chosen === undefined) return;
  const response = await fetch(`/api/traces/${chosen}`);
  const body = `${chosenByHand} ${await response.text()}`;
  if (body === drawn) return;
  drawn = body;
  const trace = response.ok ? JSON.parse(body.slice(body.indexOf(' '))) : undefined;
  const follow = chosenByHand ? followAgain : undefined;
  at('trace').replaceChildren(
    ...(trace === undefined
      ? [el('p', { class: 'soft' }, 'This trace is no longer kept. Choose another one.')]
      : traceView(trace, { choose, follow })),
  );
}

function showPlaces({ metricsUrl, shopUrl, tracesAlsoTo }) {
  const product = `${shopUrl}/products/1`;
  replace(
    at('where'),
    'metrics ',
    el('a', { href: metricsUrl }, metricsUrl),
    ' · shop ',
    el('a', { href: product }, product),
    tracesAlsoTo === undefined ? '' : ` · traces also go to ${tracesAlsoTo}`,
  );
}

function show(state) {
  at('alarm').hidden = state.scrapeError === undefined;
  write('alarm', `The metrics cannot be read: ${state.scrapeError}. Circuits and figures are out of date.`);
  if (!chosenByHand) chosen = followed(state);
  showPlaces(state);
  showStory(state);
  showUpstreams(state);
  showList(state.groups, chosen);
  showFigures(state);
  return showTrace();
}

async function refresh() {
  let state;
  try {
    const response = await fetch('/api/state');
    if (!response.ok) return;
    state = await response.json();
  } catch {
    at('alarm').hidden = false;
    write(
      'alarm',
      'The demo does not answer: it has ended, or is starting again. Below is the last that is known. Start it with: npm run demo',
    );
    return;
  }
  await show(state);
}

async function run() {
  // One answer that cannot be shown must not end the page.
  await refresh().catch((error) => console.error(error));
  setTimeout(run, everyMs);
}

document.body.classList.toggle('picture', new URLSearchParams(location.search).has('picture'));
addEventListener('hashchange', () => fromHash());
startStory(show);
startList(choose);
fromHash();
run();
