import { parseExposition } from './parseExposition.js';
import { sixFigures } from './sixFigures.js';

const before = `
redress_attempts_total{redress_policy="a",operation="x",retry_attempt="1"} 100
redress_attempts_total{redress_policy="a",operation="x",retry_attempt="2"} 10
redress_backoff_time_total{redress_policy="a",operation="x",error_class="SERVER_ERROR"} 1.5
redress_circuit_time_in_state_total{circuit_name="pay",circuit_state="open"} 2
redress_circuit_time_in_state_total{circuit_name="pay",circuit_state="closed"} 50
redress_retry_budget{redress_policy="a"} 10
`;
const after = `
redress_attempts_total{redress_policy="a",operation="x",retry_attempt="1"} 140
redress_attempts_total{redress_policy="b",operation="y",retry_attempt="1"} 10
redress_attempts_total{redress_policy="a",operation="x",retry_attempt="2"} 20
redress_attempts_total{redress_policy="a",operation="x",retry_attempt="3"} 5
redress_retry_success_after_retries_total{redress_policy="a",operation="x",retry_attempt="2"} 4
redress_backoff_time_total{redress_policy="a",operation="x",error_class="SERVER_ERROR"} 4
redress_backoff_time_total{redress_policy="a",operation="x",error_class="TRANSIENT"} 0.5
redress_circuit_time_in_state_total{circuit_name="pay",circuit_state="open"} 7.25
redress_circuit_time_in_state_total{circuit_name="pay",circuit_state="forced_open"} 1
redress_circuit_time_in_state_total{circuit_name="pay",circuit_state="closed"} 90
redress_retry_duration_count{redress_policy="b",redress_outcome="rejected",redress_stop_reason="CIRCUIT_OPEN"} 12
redress_retry_duration_count{redress_policy="b",redress_outcome="failure",redress_stop_reason="CIRCUIT_OPEN"} 3
redress_events_total{redress_policy="b",redress_event="success"} 99
redress_retry_budget{redress_policy="a"} 3.25
redress_retry_budget{redress_policy="b"} 0
`;

const scrape = (atMs: number, body: string) => ({ atMs, samples: parseExposition(body) });

describe('sixFigures', () => {
  const [amplification, backoff, rescues, open, refused, budget] = sixFigures({ from: scrape(0, before), to: scrape(1, after) });

  it.each([
    // 140 - 100 + 10 first attempts, 10 second ones and 5 third ones.
    { figure: amplification, values: [['all calls', 65 / 50, '1.30×']] },
    { figure: backoff, values: [['a', 3, '3.0 s']] },
    {
      figure: rescues,
      values: [
        ['attempt 2', 0.4, '40 % of 10'],
        ['attempt 3', 0, '0 % of 5'],
      ],
    },
    { figure: open, values: [['pay', 6.25, '6.3 s']] },
    { figure: refused, values: [['by an open circuit', 12, '12']] },
    {
      figure: budget,
      values: [
        ['a', 3.25, '3.2'],
        ['b', 0, '0.0'],
      ],
    },
  ])('answers "$figure.question"', ({ figure, values }) => {
    expect(figure?.values.map(({ label, value, text }) => [label, value, text])).toEqual(values);
  });

  it('counts from zero when the window reaches back before the first scrape', () => {
    const [first, lost] = sixFigures({ from: undefined, to: scrape(1, after) });
    expect(first?.values[0]?.value).toBeCloseTo(175 / 150);
    expect(lost?.values[0]?.value).toBe(4.5);
  });

  it('has no answer, and says so, before the first call', () => {
    expect(sixFigures({ from: undefined, to: undefined }).map((figure) => figure.values)).toEqual([
      [{ label: 'all calls', value: undefined, text: 'no calls' }],
      [],
      [],
      [],
      [],
      [],
    ]);
  });
});
