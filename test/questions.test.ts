import { sixFigures } from '../examples/storefront/src/figures/sixFigures.js';
import { QUESTIONS } from './truth/questions.js';

/** The demo works out its six figures itself, and shows the query that a Prometheus would be asked. */
it('the queries that the demo shows are those of docs/telemetry.md', () => {
  const { firstOfItsKind: _, ...six } = QUESTIONS;
  const shown = sixFigures({ from: undefined, to: undefined }).map(({ promql }) => promql);
  expect(shown).toEqual(Object.values(six).map((query) => query('$w')));
});
