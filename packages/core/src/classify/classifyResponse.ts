import type { Classification } from '../model/Classification.js';
import { classifyStatus } from './classifyStructure.js';
import { read } from './read.js';

/**
 * The default rule for results: a Response, or what has its numeric `status` and `headers.get`, is a failure for 408, 425, 429 and 5xx. Any
 * other 4xx is an answer, which is the caller's to read. Undefined: the result is fine. Never throws.
 */
export function classifyResponse(result: unknown): Classification | undefined {
  // The status first: every call that succeeds with a Response passes here, and the headers of fetch's are dear to look at.
  const status = read(result, 'status');
  const failed = typeof status === 'number' && (status >= 500 || status === 429 || status === 408 || status === 425);
  return failed && typeof read(read(result, 'headers'), 'get') === 'function' ? classifyStatus(result) : undefined;
}
