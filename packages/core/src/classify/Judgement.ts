import type { Classification } from '../model/Classification.js';

/** What one error is, and by what that was told. */
export interface Judgement {
  readonly classification: Classification;
  /** What decided, as `error.type` names it: a client's own code or name, a status, a system code; undefined: the name of its class. */
  readonly type: string | undefined;
  /** Whether it proves that nothing was done; undefined when it says nothing of that. */
  readonly unprocessed: true | undefined;
}
