import { circuitsOf } from './circuits.js';
import { parseExposition } from './parseExposition.js';
import { upstreamsOf } from './upstreams.js';

const scrape = (atMs: number, text: string) => ({ atMs, samples: parseExposition(text) });
const attempts = (count: number) => `redress_attempts_total{redress_policy="a",retry_attempt="1"} ${count}\n`;
const event = (name: string, count: number, labels = '') =>
  `redress_events_total{redress_policy="a",redress_event="${name}"${labels}} ${count}\n`;
const budget = (left: number) => `redress_retry_budget{redress_policy="a"} ${left}\n`;
const look = (...texts: string[]) => {
  const lately = texts.map((text, i) => scrape(i, text));
  return upstreamsOf(['a'], { lately, minute: lately, circuits: circuitsOf(lately) })[0];
};

describe('upstreamsOf', () => {
  it.each([
    { given: 'nothing', then: '', health: 'idle', traffic: 'no calls' },
    { given: 'answers', then: attempts(20), health: 'fine', traffic: 'every attempt answered' },
    {
      given: 'some failures',
      then: attempts(20) + event('retry', 4) + event('success', 15),
      health: 'troubled',
      traffic: '4 of 20 attempts failed',
    },
    { given: 'failures alone', then: attempts(20) + event('budget_exhausted', 19), health: 'down', traffic: '19 of 20 attempts failed' },
    { given: 'refusals', then: event('circuit_rejected', 9), health: 'refused', traffic: 'calls are refused' },
    {
      given: 'a call that its own failure cut short',
      then: attempts(4) + event('circuit_rejected', 1, ',error_class="TRANSIENT"'),
      health: 'troubled',
      traffic: '1 of 4 attempts failed',
    },
    { given: 'more told of than were begun', then: attempts(2) + event('retry', 5), health: 'down', traffic: '2 of 2 attempts failed' },
  ])('judges $given: $health', ({ then, health, traffic }) => {
    expect(look('', then)).toMatchObject({ health, traffic });
  });

  it('knows no circuit and no budget before the first call', () => {
    expect(look('')).toMatchObject({ circuit: undefined, budget: undefined });
  });

  it('tells of the lowest budget, which a scrape in step with its grants may miss, and of the highest as the whole', () => {
    expect(look(budget(10), budget(1), budget(0), budget(1))?.budget).toEqual({ left: 0, full: 10 });
  });

  it('has the circuit of its name', () => {
    expect(look('redress_circuit_state{circuit_name="a",circuit_state="open"} 1')?.circuit).toMatchObject({ name: 'a', state: 'open' });
  });
});
