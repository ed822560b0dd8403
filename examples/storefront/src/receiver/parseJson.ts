import { limits } from './limits.js';
import { Refusal } from './BodyReader.js';

const [quote, backslash, openList, openFields, closeList, closeFields] = [...'"\\[{]}'].map((char) => char.charCodeAt(0));

/** Reads JSON that is not nested absurdly deep. Throws a {@link Refusal} otherwise. */
export function parseJson(body: Buffer): unknown {
  if (isTooDeep(body)) {
    throw new Refusal(400, `JSON nested more than ${limits.depth} levels deep`);
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new Refusal(400, String(error));
  }
}

/** Counts brackets outside of strings. Before it is parsed: what is parsed has long taken its memory. */
function isTooDeep(body: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (inString) {
      if (byte === backslash) {
        i++;
      } else if (byte === quote) {
        inString = false;
      }
    } else if (byte === quote) {
      inString = true;
    } else if (byte === openList || byte === openFields) {
      if (++depth > limits.depth) {
        return true;
      }
    } else if (byte === closeList || byte === closeFields) {
      depth--;
    }
  }
  return false;
}
