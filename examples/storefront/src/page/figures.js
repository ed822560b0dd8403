import { at, el } from './el.js';

/** The six figures; a query that a person opened stays open. */
export function showFigures({ figures }) {
  const list = at('figures-list');
  if (list.childElementCount !== figures.length || list.querySelector('details') === null) {
    list.replaceChildren(...figures.map(figureView));
  }
  for (const [i, figure] of figures.entries()) {
    const values =
      figure.values.length === 0
        ? [el('p', { class: 'soft' }, 'none yet')]
        : figure.values.map(({ label, text }) => el('p', { class: 'spread' }, el('span', { class: 'soft' }, label), el('b', {}, text)));
    list.children[i].querySelector('.values').replaceChildren(...values);
  }
}

function figureView({ question, promql }) {
  const query = promql.replaceAll('$w', '1m').replace(/ \/ /, '\n  / ');
  return el(
    'div',
    { class: 'figure' },
    el('details', {}, el('summary', {}, question), el('code', {}, query)),
    el('div', { class: 'values' }),
  );
}
