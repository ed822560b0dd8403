import type { CircuitBreakerJSON, SnapshotState } from './BreakerSnapshot.js';
import { anObject, aName, atLeastZero, check, oneOf, wrong, type Rules } from '../../model/rules.js';

const states: readonly SnapshotState[] = ['closed', 'open', 'half_open', 'forced_open', 'forced_closed'];

const stateRules: Rules = {
  version: { must: '1', holds: (value) => value === 1 },
  state: oneOf(states),
  remainingOpenMs: atLeastZero,
  openings: atLeastZero,
  lastOpenMs: atLeastZero,
  takenAtMs: atLeastZero,
};

const required = ['version', 'state', 'remainingOpenMs', 'openings'] as const;

/** What `toJSON` gave, before or after a trip through JSON text. Throws a TypeError that names what is wrong in it. */
export function checkSnapshot(json: unknown): CircuitBreakerJSON {
  const where = 'CircuitBreaker.restore';
  const value: unknown = typeof json === 'string' ? parsed(json) : json;
  if (typeof value !== 'object' || value === null) throw wrong(where, 'json', 'what toJSON() gave', json);
  const { name, state: given } = check<Partial<CircuitBreakerJSON>>(where, value, { name: aName, state: anObject });
  if (name === undefined || given === undefined) throw wrong(where, 'json', 'what toJSON() gave', json);
  const state = check(where, given, stateRules, 'state.');
  for (const key of required) if (state[key] === undefined) throw wrong(where, `state.${key}`, stateRules[key]?.must ?? '', undefined);
  return { name, state };
}

/** What the text says; the text itself when it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
