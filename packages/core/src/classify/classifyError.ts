import type { Classification } from '../model/Classification.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { causesOf } from './causesOf.js';
import { classifyStructure } from './classifyStructure.js';
import { nameOf } from './nameOf.js';
import { classOfBuiltIn, classOfName } from './names.js';

/** The rules of `defaultClassifier`, with or without its last one, the names. */
export function classifyError(error: unknown, byName: boolean): Classification {
  // The usual error says it itself; only then is its chain worth walking.
  const own = classifyStructure(error);
  if (own !== undefined) return own;
  const causes = causesOf(error);
  for (const cause of causes) {
    const found = classifyStructure(cause);
    if (found !== undefined) return found;
  }
  for (const cause of causes) {
    const errorClass = classOfBuiltIn(cause) ?? (byName ? classOfName(nameOf(cause)) : undefined);
    if (errorClass !== undefined) return { errorClass };
  }
  return { errorClass: ErrorClass.UNKNOWN };
}
