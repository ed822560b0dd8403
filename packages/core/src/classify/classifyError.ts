import type { Classification } from '../model/Classification.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { ErrorChain } from './ErrorChain.js';
import { classOfBuiltIn, classOfName } from './names.js';

/** The rules of `defaultClassifier`, with or without its last one, the names. */
export function classifyError(error: unknown, byName: boolean): Classification {
  return classifyChain(new ErrorChain(error), byName);
}

/** The same, of a chain that somebody else asks too. */
export function classifyChain(chain: ErrorChain, byName: boolean): Classification {
  const own = chain.decisive;
  if (own !== undefined) return own.classification;
  for (const cause of chain.all) {
    const errorClass = classOfBuiltIn(cause) ?? (byName ? classOfName(cause.name) : undefined);
    if (errorClass !== undefined) return { errorClass };
  }
  return { errorClass: ErrorClass.UNKNOWN };
}
