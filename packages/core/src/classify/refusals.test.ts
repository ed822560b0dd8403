import { CircuitOpenError } from '../gates/breaker/CircuitOpenError.js';
import type { CircuitState } from '../model/CircuitState.js';
import { defaultClassifier } from './defaultClassifier.js';

describe('the refusal of a circuit, as a policy outside sees it', () => {
  it.each<[CircuitState, number, object]>([
    ['open', 4_000, { errorClass: 'TRANSIENT', retryAfterMs: 4_000 }],
    ['half_open', 4_000, { errorClass: 'TRANSIENT' }],
    ['forced_open', Infinity, { errorClass: 'TRANSIENT' }],
  ])('%s, %d ms: the floor of its backoff is what is known for certain', (state, retryAfterMs, expected) => {
    expect(defaultClassifier(new CircuitOpenError({ circuit: 'inner', retryAfterMs, state }))).toEqual(expected);
  });
});
