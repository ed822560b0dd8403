import { at, el, replace } from './el.js';
import { healths, states } from './words.js';

const historyLength = 60;

/** The shop, its upstreams, and between them what redress knows. */
export function showUpstreams({ upstreams, shopUrl }) {
  const shop = el('div', { class: 'shop' }, el('b', {}, 'shop'), el('span', { class: 'soft small' }, 'with redress'));
  const rows = upstreams.map((upstream) => row(upstream));
  replace(at('upstreams'), el('div', { class: 'diagram', 'data-shop': shopUrl }, shop, el('div', {}, rows)), keys());
}

function row({ name, health, traffic, circuit, budget }) {
  const tone = healths[health];
  const wire = { refused: 'broken', idle: 'still' }[health] ?? '';
  return el(
    'div',
    { class: `upstream ${tone}`, 'data-upstream': name },
    el('div', { class: `wire ${wire}`, 'aria-hidden': 'true' }, el('i')),
    el('div', { class: 'service' }, el('b', {}, name), el('span', { class: 'small' }, traffic)),
    circuitState(circuit, name),
    circuit === undefined ? el('div', { class: 'history' }) : history(circuit),
    budget === undefined ? el('div', { class: 'budget' }) : budgetLeft(budget),
  );
}

function circuitState(circuit, name) {
  if (circuit === undefined)
    return el('div', { class: 'state soft small' }, name === 'inventory' ? 'no circuit breaker' : 'no circuit yet');
  const [label, tone, meaning] = states[circuit.state] ?? states.unknown;
  const rate = circuit.failureRate === undefined ? '' : `, ${Math.round(circuit.failureRate * 100)} % fail`;
  return el(
    'div',
    { class: `state ${tone}` },
    el('span', { class: 'small soft why' }, 'circuit'),
    el('span', { class: 'pill' }, label),
    el('span', { class: 'small soft why' }, circuit.state === 'closed' ? `${meaning}${rate}` : meaning),
  );
}

function history({ name, state, history: past }) {
  const filled = [...Array(Math.max(0, historyLength - past.length)).fill('unknown'), ...past.slice(-historyLength)];
  const label = `Circuit ${name}, last minute; now ${(states[state] ?? states.unknown)[0]}`;
  return el(
    'div',
    { class: 'history', role: 'img', 'aria-label': label, title: label },
    filled.map((each) => el('i', { class: (states[each] ?? states.unknown)[1] })),
  );
}

function budgetLeft({ left, full }) {
  const tone = left < 1 ? 'bad' : left < full / 2 ? 'wait' : 'good';
  // Less than one grants nothing, and is not to be rounded up to it.
  const text = String(Math.floor(left * 10) / 10);
  return el(
    'div',
    { class: `budget ${tone}`, title: `${text} of ${full} retries left in the budget` },
    el(
      'div',
      { class: 'gauge', 'aria-hidden': 'true' },
      el('i', { style: { width: `${full === 0 ? 0 : Math.min(100, (100 * left) / full)}%` } }),
    ),
    el('span', { class: 'small' }, el('b', { class: 'tone', 'data-budget': '' }, text), ` of ${full} retries left`),
  );
}

function keys() {
  const wires = [
    ['good', 'answers'],
    ['wait', 'some attempts fail'],
    ['bad', 'all fail'],
    ['circuit', 'not asked: calls are refused'],
  ];
  const circuits = [
    ['good', 'closed'],
    ['bad', 'open'],
    ['wait', 'half open'],
  ];
  const list = (title, entries) => [el('b', {}, title), ...entries.map(([tone, text]) => el('span', { class: tone }, el('i'), text))];
  return el('div', { class: 'keys soft small' }, list('Upstream, last 2 s:', wires), list('Circuit, last minute:', circuits));
}
