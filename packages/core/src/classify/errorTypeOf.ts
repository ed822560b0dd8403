import { ErrorChain } from './ErrorChain.js';
import { classOfBuiltIn } from './names.js';

/** Long enough for any class; a name is a metric attribute, and nobody should be able to make it a text. */
const MAX_LENGTH = 100;

/** A code, and no text: what may name a class of failures. */
const CODE = /^[A-Za-z\d][\w.-]*$/;

/**
 * OpenTelemetry's `error.type` for an exception, by what decided its class: a client's own code or name, the failing HTTP status, a system
 * code, its own or that of a cause; else any code that it or a cause has, else the name of its class. The TypeError in which fetch wraps a failed
 * connection is named by what caused it. A thrown value that is no object is named by its type. Never throws.
 */
export function errorTypeOf(error: unknown): string {
  return typeOfChain(new ErrorChain(error));
}

/** The same, of a chain that somebody else asks too. */
export function typeOfChain(chain: ErrorChain): string {
  const { error, name } = chain.first;
  if (error === null) return 'null';
  if (typeof error !== 'object') return typeof error;
  return (decidedBy(chain) ?? codeOf(chain) ?? wrappedName(chain) ?? name ?? 'object').slice(0, MAX_LENGTH);
}

/** The same where the error itself decides, so that nothing else has to be kept of it; undefined: ask the whole chain, if ever. */
export function typeAtOnce(chain: ErrorChain): string | undefined {
  return chain.judgementOf(chain.first)?.type?.slice(0, MAX_LENGTH);
}

function decidedBy(chain: ErrorChain): string | undefined {
  for (const facts of chain.all) {
    // What wraps one of our own is named by itself: what ours was caused by is another failure, of the attempt before the deadline, say.
    if (facts.brand !== undefined && facts !== chain.first && facts.status === undefined) return undefined;
    const judged = chain.judgementOf(facts);
    if (judged !== undefined) return judged.type;
    if (facts.brand !== undefined) return undefined;
  }
  return undefined;
}

/** The first code that nobody knows. An abort has one of the platform, which says less than its name. */
function codeOf(chain: ErrorChain): string | undefined {
  for (const { brand, code, name } of chain.all) {
    if (brand !== undefined || name === 'AbortError' || name === 'CanceledError') return undefined;
    if (typeof code === 'string' && CODE.test(code)) return code;
  }
  return undefined;
}

/** The name of what fetch wrapped, if that is a name of its own. */
function wrappedName(chain: ErrorChain): string | undefined {
  if (classOfBuiltIn(chain.first) !== 'TRANSIENT') return undefined;
  return chain.all.find(({ name }) => name !== undefined && name !== 'TypeError' && name !== 'Error')?.name;
}
