/** While the story tells of a circuit, a newer trace of it replaces the one shown after so long. */
const readingMs = 4_000;

let step;
let before = new Set();
let chosen;
let chosenAtMs = 0;

/** The trace that shows best what the story is at: of the kinds its step names, one that came in this step; until there is one, the last. */
export function followed({ now, groups }) {
  const traces = groups.flatMap((group) => group.traces.map((trace) => ({ ...trace, kind: group.kind }))).filter(({ rooted }) => rooted);
  const current = now === undefined ? '' : `${now.number} ${now.title}`;
  if (step !== current) {
    // What came before the page was opened counts too, or it would stay empty.
    before = step === undefined ? new Set() : new Set(traces.map(({ traceId }) => traceId));
    step = current;
  }
  const kinds = now?.shows ?? [];
  const rank = ({ kind }) => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length);
  const fresh = traces.filter((trace) => !before.has(trace.traceId) && rank(trace) < kinds.length).sort((a, b) => rank(a) - rank(b));
  const best = fresh[0] ?? (chosen === undefined ? traces[0] : undefined);
  if (best !== undefined && isBetter(best, rank)) {
    chosen = best;
    chosenAtMs = performance.now();
  }
  return chosen?.traceId;
}

function isBetter(best, rank) {
  if (chosen === undefined || before.has(chosen.traceId) || rank(best) < rank(chosen)) return true;
  return best.kind === 'circuit' && best.traceId !== chosen.traceId && performance.now() - chosenAtMs > readingMs;
}
