import type { AttemptFailure } from '../classify/AttemptFailure.js';
import type { CallEnd } from '../model/CallEnd.js';
import type { Refusal } from '../model/Refusal.js';

/** How a call of ours ended that did not succeed. */
export type End = CallEnd<AttemptFailure, Refusal>;
