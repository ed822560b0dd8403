import { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { Bulkhead } from '../gates/bulkhead/Bulkhead.js';
import { createRegistry } from './Registry.js';

const long = 'n'.repeat(400);

describe('names', () => {
  it.each([
    { given: 'a long one', name: long, alike: `${long}m`, then: 'n'.repeat(255) },
    { given: 'one with a lone surrogate', name: 'a\ud800', alike: 'a\udc01', then: 'a\ufffd' },
  ])(
    '[registry.proper-names] of policies, circuits and bulkheads are proper before anything is keyed by them: $given',
    ({ name, alike, then }) => {
      const registry = createRegistry();
      const made = registry.policy(name, { circuitBreaker: {}, bulkhead: { maxConcurrent: 1 } });
      expect([made.name, made.circuitBreaker.name, made.bulkhead?.name]).toEqual([then, then, then]);
      expect(registry.getPolicy(alike)).toBe(made);
      expect(registry.updatePolicy(alike, { circuitBreaker: { name } }).circuitBreaker?.name).toBe(then);
      expect(registry.policy(alike)).not.toBe(made);
      expect(registry.getPolicy(name)).not.toBe(made);
      const circuit = new CircuitBreaker({ name });
      expect(circuit.name).toBe(then);
      expect(CircuitBreaker.restore({ ...circuit.toJSON(), name }).name).toBe(then);
      expect(new Bulkhead({ maxConcurrent: 1, name }).name).toBe(then);
    },
  );
});
