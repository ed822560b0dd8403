import type { Classification } from '../model/Classification.js';
import { causesOf } from './causesOf.js';
import { classifyStatus } from './classifyStructure.js';

/**
 * What an error is by its HTTP status alone, its own or that of its causes, with the wait it asks for; undefined without a
 * status, so that the default rule goes on. Made to be called by a classifier of your own: `(error) => httpClassifier(error) ??
 * 'PERMANENT'`. Never throws.
 */
export function httpClassifier(error: unknown): Classification | undefined {
  for (const cause of causesOf(error)) {
    const found = classifyStatus(cause);
    if (found !== undefined) return found;
  }
  return undefined;
}
