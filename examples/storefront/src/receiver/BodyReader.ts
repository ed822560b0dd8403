import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { limits } from './limits.js';

/** Why a request is not read, as an HTTP status and in words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const unpack = promisify(gunzip);

/** Reads bodies, of which only so many bytes are under way at the same time. */
export class BodyReader {
  #underWay = 0;

  /** The body, unpacked; rejects with a {@link Refusal} when there is too much of it. */
  async read(request: IncomingMessage): Promise<Buffer> {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity' && encoding !== 'gzip') {
      throw new Refusal(415, `content-encoding is ${encoding}; gzip is read, and none`);
    }
    if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) {
      throw tooLong();
    }
    const body = await this.#receive(request);
    return encoding === 'gzip' ? gunzipped(body) : body;
  }

  async #receive(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        length += chunk.length;
        this.#underWay += chunk.length;
        if (length > limits.bodyBytes) {
          throw tooLong();
        }
        if (this.#underWay > limits.bodiesBytes) {
          throw new Refusal(503, 'too many requests at once');
        }
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    } finally {
      this.#underWay -= length;
    }
  }
}

async function gunzipped(body: Buffer): Promise<Buffer> {
  try {
    return await unpack(body, { maxOutputLength: limits.bodyBytes });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLong() : new Refusal(400, `gzip: ${String(error)}`);
  }
}

function tooLong(): Refusal {
  return new Refusal(413, `more than ${limits.bodyBytes} bytes`);
}
