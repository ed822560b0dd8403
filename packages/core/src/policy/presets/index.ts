import { database } from './database.js';
import { http } from './http.js';
import { llm } from './llm.js';
import type { Preset } from './Preset.js';
import { queue } from './queue.js';
import { strict } from './strict.js';

/**
 * Options for the usual kinds of dependencies, each number with its reason: `policy('orders', presets.database)`, or
 * `{ ...presets.http, timeoutMs: 5_000 }`. A call that may not be made twice says `idempotent: false`, whatever the preset.
 */
export const presets: {
  /** A service over HTTP that somebody waits for. */
  readonly http: Preset;
  /** A database, or whatever else has a pool of connections. */
  readonly database: Preset;
  /** What a worker does for a message or a job. */
  readonly queue: Preset;
  /** A model of language behind an API. */
  readonly llm: Preset;
  /** Where nothing is to be guessed. */
  readonly strict: Preset;
} = /* @__PURE__ */ Object.freeze({ http, database, queue, llm, strict });
