import { circuitsOf } from './circuits.js';
import { parseExposition } from './parseExposition.js';

const states = ['closed', 'open', 'half_open', 'forced_open'];

function scrape(circuits: Readonly<Record<string, string>>, failureRate = 'NaN') {
  const lines = Object.entries(circuits).flatMap(([name, now]) =>
    states.map((state) => `redress_circuit_state{circuit_name="${name}",circuit_state="${state}"} ${state === now ? 1 : 0}`),
  );
  return { atMs: 0, samples: parseExposition([...lines, `redress_circuit_failure_ratio{circuit_name="pay"} ${failureRate}`].join('\n')) };
}

describe('circuitsOf', () => {
  it.each([
    { when: 'nothing was scraped', scrapes: [], circuits: [] },
    {
      when: 'it is closed',
      scrapes: [scrape({ pay: 'closed' })],
      circuits: [{ name: 'pay', state: 'closed', failureRate: undefined, history: ['closed'] }],
    },
    {
      when: 'it opened, and a second one appeared',
      scrapes: [scrape({ pay: 'closed' }), scrape({ pay: 'open', ads: 'half_open' }, '0.75')],
      circuits: [
        { name: 'ads', state: 'half_open', failureRate: undefined, history: ['unknown', 'half_open'] },
        { name: 'pay', state: 'open', failureRate: 0.75, history: ['closed', 'open'] },
      ],
    },
    {
      when: 'its breaker is gone',
      scrapes: [scrape({ pay: 'none' })],
      circuits: [{ name: 'pay', state: 'unknown', failureRate: undefined, history: ['unknown'] }],
    },
  ])('reads the state when $when', ({ scrapes, circuits }) => {
    expect(circuitsOf(scrapes)).toEqual(circuits);
  });
});
