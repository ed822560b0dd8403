import { el } from './el.js';
import { duration, kinds } from './words.js';

/** One trace: what it is about, its timeline, a legend, and what happened, in order. `choose` shows another one. */
export function traceView(trace, { choose, follow }) {
  const [title, tone, sign] = kinds[trace.kind];
  const links = trace.rows.flatMap((row) => row.links.map((link) => linkView(trace, row, link, choose)));
  return [
    el(
      'div',
      { class: `kind ${tone} tone` },
      el('span', {}, `${sign} ${title}`),
      follow === undefined ? undefined : el('button', { class: 'button', onclick: follow }, 'Follow the story again'),
    ),
    el('h1', {}, trace.headline),
    el(
      'p',
      { class: 'soft small' },
      aboutRoot(trace),
      el('span', { class: 'id' }, ` · ${new Date(trace.startMs).toLocaleTimeString()} · `, el('code', {}, trace.traceId)),
    ),
    ...links,
    axis(trace.durationMs),
    el(
      'ol',
      {},
      trace.rows.map((row) => rowView(row, trace.durationMs)),
    ),
    legend(trace),
    ...(trace.story.length === 0 ? [] : [el('h2', {}, 'What happened'), told(trace.story)]),
  ];
}

function aboutRoot({ name, durationMs, rows }) {
  const [root] = rows;
  const answered = /^\d+/.test(root.result) ? `answered ${root.result} after ${duration(durationMs)}` : duration(durationMs);
  return `The request ${name}, ${answered}`;
}

function linkView(trace, row, link, choose) {
  const where =
    link.traceId === trace.traceId
      ? 'the circuit was opened by a call of this very trace'
      : el('button', { onclick: () => choose(link.traceId) }, 'see the call whose failure opened the circuit →');
  return el('p', { class: 'link' }, `${row.label}: `, where);
}

function share(ms, wholeMs) {
  return `${Math.max(0, Math.min(100, (100 * ms) / Math.max(wholeMs, 0.1)))}%`;
}

function axis(wholeMs) {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    el('span', { class: 'tick', style: { left: `${part * 100}%` } }, duration(part * wholeMs)),
  );
  return el('div', { class: 'axis' }, el('div', { class: 'name' }), el('div', { class: 'track', 'aria-hidden': 'true' }, ticks));
}

function rowView(row, wholeMs) {
  const sign = { good: '✓', bad: '✕', circuit: '⊘' }[row.tone] ?? '';
  const result = row.kind === 'span' && row.tone === 'plain' ? undefined : el('span', { class: 'tone' }, `${sign} ${row.result}`);
  const took = el('span', { class: 'soft small took' }, duration(row.durationMs));
  return el(
    'li',
    { class: `row ${row.kind} ${row.tone}` },
    el('div', { class: 'name', style: { '--depth': row.depth } }, el('b', {}, row.label), result, took),
    el(
      'div',
      { class: 'track' },
      el('div', {
        class: 'fill',
        title: `${row.label}: ${row.result}`,
        style: { left: share(row.startMs, wholeMs), width: share(row.durationMs, wholeMs) },
      }),
      row.waits.map((wait) =>
        el(
          'div',
          { class: 'pause', title: wait.label, style: { left: share(wait.startMs, wholeMs), width: share(wait.durationMs, wholeMs) } },
          el('span', {}, wait.label),
        ),
      ),
      row.marks
        .filter((mark) => mark.tone !== 'wait')
        .map((mark) => el('div', { class: `mark ${mark.tone}`, title: mark.label, style: { left: share(mark.atMs, wholeMs) } })),
    ),
  );
}

/** Explains what there is to see in this trace. */
function legend({ rows }) {
  const tones = new Set(rows.flatMap((row) => row.marks.map(({ tone }) => tone)));
  const has = (kind) => rows.some((row) => row.kind === kind);
  const entries = [
    ['span plain', 'fill', 'the request, and other spans', has('span')],
    ['call plain', 'fill', 'a call under a policy, from first attempt to end', has('call')],
    ['attempt good', 'fill', 'an attempt that was answered', rows.some((row) => row.kind === 'attempt' && row.tone === 'good')],
    ['attempt bad', 'fill', 'an attempt that failed', rows.some((row) => row.kind === 'attempt' && row.tone === 'bad')],
    ['', 'pause', 'a wait before the next attempt', rows.some((row) => row.waits.length > 0)],
    ['', 'mark good', 'the call succeeds', tones.has('good')],
    ['', 'mark bad', 'a failure', tones.has('bad')],
    ['', 'mark circuit', 'the circuit decides', tones.has('circuit')],
  ];
  return el(
    'div',
    { class: 'legend' },
    entries.filter(([, , , shown]) => shown).map(([kind, sign, text]) => el('span', { class: kind }, el('i', { class: sign }), text)),
  );
}

function told(story) {
  const lines = story.map((line) =>
    el(
      'li',
      { class: line.tone },
      el('span', { class: 'soft' }, `+${duration(line.atMs)}`),
      el('span', { class: 'soft' }, line.call),
      el('span', {}, line.what),
    ),
  );
  return el('ol', { id: 'told' }, lines);
}
