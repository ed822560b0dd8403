import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeTraces } from './decodeTraces.js';
import { parseJson } from './parseJson.js';
import { type BodyReader, Refusal } from './BodyReader.js';
import type { TraceStore } from './TraceStore.js';

export interface Accepted {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Takes OTLP requests, one after the other, and decodes each in slices: whoever else is served waits for no more than one of them. */
export class TraceIntake {
  readonly #store: TraceStore;
  readonly #bodies: BodyReader;
  /** Ends when the requests before have been decoded: what JSON becomes in memory is many times as long, and is there once. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: TraceStore, bodies: BodyReader) {
    this.#store = store;
    this.#bodies = bodies;
  }

  async accept(request: IncomingMessage): Promise<Accepted> {
    if (!request.headers['content-type']?.startsWith('application/json')) {
      return { status: 415, body: { message: 'this receiver reads OTLP in JSON alone (OTLPTraceExporter of exporter-trace-otlp-http)' } };
    }
    try {
      const body = await this.#bodies.read(request);
      const decoded = this.#turn.then(() => this.#decode(body));
      this.#turn = decoded.catch(() => undefined);
      return await decoded;
    } catch (error) {
      if (error instanceof Refusal) {
        return { status: error.status, headers: { connection: 'close' }, body: { message: error.message } };
      }
      return { status: 400, body: { message: String(error) } };
    }
  }

  async #decode(body: Buffer): Promise<Accepted> {
    let kept = 0;
    let rejectedSpans = 0;
    let errorMessage: string | undefined;
    for (const { spans, refused, reason } of decodeTraces(parseJson(body))) {
      this.#store.add(spans);
      kept += spans.length;
      rejectedSpans += refused;
      errorMessage ??= reason;
      await nextTurn();
    }
    if (rejectedSpans === 0) {
      return { status: 200, body: {} };
    }
    // As the specification has it: partial success is a success, and a request of which nothing is good is a bad one.
    return kept === 0
      ? { status: 400, body: { message: errorMessage } }
      : { status: 200, body: { partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage } } };
  }
}
