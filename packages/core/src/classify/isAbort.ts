import { MOST_CAUSES } from './causesOf.js';
import { classifyStructure } from './classifyStructure.js';
import { ErrorChain } from './ErrorChain.js';
import { type ErrorFacts, factsOf } from './ErrorFacts.js';
import { read } from './read.js';

/** How it is called where the call was ended on purpose: by the platform, axios, got, openai and anthropic. */
const NAMES: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['AbortError', 'CanceledError', 'CancelError', 'Cancel', 'APIUserAbortError']);

/** Codes of Node, undici, axios and got; 20 is the DOMException's. */
const CODES: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['ABORT_ERR', 'UND_ERR_ABORTED', 'ERR_CANCELED', 'ERR_ABORTED']);

/**
 * Whether an error says that somebody ended the work on purpose: an AbortError of a signal, axios' cancel, openai's abort; itself, or what it
 * wraps without saying more. One that was caused by a timeout is none: `http.get` and `timers/promises` tell AbortSignal.timeout so. Never
 * throws.
 */
export function isAbort(error: unknown): boolean {
  let each = error;
  for (let depth = 0; depth < MOST_CAUSES && typeof each === 'object' && each !== null; depth++) {
    const facts = factsOf(each);
    if (facts.brand !== undefined) return false; // whatever it wraps is of another call
    const said = classifyStructure(facts)?.classification.errorClass;
    if (said !== undefined && said !== 'UNKNOWN') return false;
    if (aborted(facts)) return !timedOut(read(each, 'cause'));
    each = read(each, 'cause');
  }
  return false;
}

/** Whether the reason of an abort is a timeout: the platform's, or our own through the signal that the function was given. */
function timedOut(reason: unknown): boolean {
  return reason !== undefined && new ErrorChain(reason).decisive?.classification.errorClass === 'TRANSIENT';
}

function aborted({ error, name, code }: ErrorFacts): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return (
    NAMES.has(name) ||
    CODES.has(code) ||
    (code === 20 && name === 'AbortError') ||
    read(error, '__CANCEL__') === true ||
    cancelledCall(error, code)
  );
}

/** grpc-js, when the caller called `cancel()`. */
function cancelledCall(error: unknown, code: unknown): boolean {
  return code === 1 && read(error, 'details') === 'Cancelled on client';
}
