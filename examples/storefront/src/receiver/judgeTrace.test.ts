import { exampleCall as call, exampleEvent as event, exampleSpan as span } from './exampleSpans.js';
import { judgeTrace } from './judgeTrace.js';

const retried = [event('retry', 5, { 'retry.attempt': 1, 'error.class': 'SERVER_ERROR', 'error.type': '503' })];
const opened = event('circuit_opened', 6, { 'circuit.name': 'payments' });
const halfOpen = event('circuit_half_open', 1, { 'circuit.name': 'payments' });
const closed = event('circuit_closed', 6, { 'circuit.name': 'payments' });

describe('judgeTrace', () => {
  it.each([
    { given: 'a first try', spans: [call('success', 1)], kind: 'fine', headline: 'inventory get-stock' },
    {
      given: 'an operation named like its policy',
      spans: [call('success', 1, {}, { operation: 'inventory' })],
      kind: 'fine',
      headline: 'inventory',
    },
    {
      given: 'a rescue',
      spans: [call('success', 2, { events: retried })],
      kind: 'rescued',
      headline: 'inventory get-stock succeeded at attempt 2 after 503',
    },
    {
      given: 'a failure',
      spans: [call('failure', 3, { events: retried }, { 'redress.stop_reason': 'MAX_ATTEMPTS_GLOBAL', 'error.type': '500' })],
      kind: 'failed',
      headline: 'inventory get-stock gave up after 3 attempts: 500',
    },
    {
      given: 'an empty budget',
      spans: [call('failure', 1, {}, { 'redress.stop_reason': 'BUDGET_EXHAUSTED', 'error.type': '503' })],
      kind: 'budget',
      headline: 'inventory get-stock failed at attempt 1 after 503: no retry left in the budget',
    },
    {
      given: 'a refusal',
      spans: [call('rejected', 0, {}, { 'redress.stop_reason': 'CIRCUIT_OPEN' })],
      kind: 'refused',
      headline: 'inventory get-stock was refused at once: the circuit is open',
    },
    {
      given: 'a circuit found open mid-retry',
      spans: [call('rejected', 1, {}, { 'redress.stop_reason': 'CIRCUIT_OPEN', 'error.type': 'TypeError', 'error.class': 'TRANSIENT' })],
      kind: 'refused',
      headline: 'inventory get-stock stopped at attempt 1 after a broken connection: the circuit opened',
    },
    {
      given: 'an opening',
      spans: [call('failure', 1, { events: [opened] })],
      kind: 'circuit',
      headline: 'inventory get-stock failed, and that opened the circuit payments',
    },
    {
      given: 'a probe that succeeds',
      spans: [call('success', 1, { events: [halfOpen, closed] })],
      kind: 'circuit',
      headline: 'inventory get-stock closed the circuit payments: its probe succeeded',
    },
    {
      given: 'a probe that fails',
      spans: [call('failure', 1, { events: [halfOpen, opened] })],
      kind: 'circuit',
      headline: 'inventory get-stock opened the circuit payments again: its probe failed',
    },
    {
      given: 'a probe without a verdict',
      spans: [call('success', 1, { events: [halfOpen] })],
      kind: 'circuit',
      headline: 'inventory get-stock probed the circuit payments',
    },
    { given: 'no call', spans: [span()], kind: 'fine', headline: 'No call under a policy' },
    { given: 'an error outside of any call', spans: [span({ failed: true })], kind: 'failed', headline: 'An error outside of any policy' },
    {
      given: 'several first tries',
      spans: [call('success', 1), call('success', 1, {}, { 'redress.policy': 'pricing' })],
      kind: 'fine',
      headline: 'inventory get-stock, pricing get-stock',
    },
  ])('names $given', ({ spans, kind, headline }) => {
    expect(judgeTrace(spans)).toEqual({ kind, headline });
  });

  const ordered = [
    call('success', 1, { events: [closed] }),
    call('failure', 1, {}, { 'redress.stop_reason': 'BUDGET_EXHAUSTED' }),
    call('failure', 3),
    call('success', 2),
    call('rejected', 0),
    call('success', 1),
  ];

  it.each(ordered.slice(1).map((less, i) => ({ more: ordered[i], less })))(
    'puts the more interesting call first, wherever it stands',
    ({ more, less }) => {
      const wanted = judgeTrace(more === undefined ? [] : [more]);
      expect(judgeTrace([less, ...(more === undefined ? [] : [more])])).toEqual(wanted);
      expect(judgeTrace([...(more === undefined ? [] : [more]), less])).toEqual(wanted);
    },
  );
});
