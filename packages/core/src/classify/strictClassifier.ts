import type { Classification } from '../model/Classification.js';
import { classifyError } from './classifyError.js';

/** `defaultClassifier` without its guesses by name: what is known only by its name is UNKNOWN. Never throws. */
export function strictClassifier(error: unknown): Classification {
  return classifyError(error, false);
}
