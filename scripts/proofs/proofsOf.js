/** Which mutants prove which rule: pure, so that it can be tested. */
import { idsIn } from '../rules-table.js';

/** A mutant that turns tests of more rules red, as an empty body does, says nothing of any of them. */
const MOST_RULES = 3;

/** The mutants that prove a rule, the most telling first: a test of it turned red, and tests of few other rules. */
export function proofsOf(id, mutants) {
  const killed = mutants.filter(({ status }) => status === 'Killed');
  const known = killed.map((mutant) => ({ mutant, ids: new Set(mutant.killedBy.filter(isNamed).flatMap(idsIn)) }));
  const proofs = known.filter(({ ids }) => ids.has(id) && ids.size <= MOST_RULES);
  return proofs.sort((a, b) => a.ids.size - b.ids.size || a.mutant.killedBy.length - b.mutant.killedBy.length).map(({ mutant }) => mutant);
}

/** One that failed before it had a name, as its file was loaded, has none. */
function isNamed(title) {
  return title !== undefined;
}
