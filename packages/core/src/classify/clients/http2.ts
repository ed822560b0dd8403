import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, meaningOfWrapped } from './Client.js';

/** No stream was opened: the session was over, or going (https://nodejs.org/api/errors.html). */
const NOT_OPENED = /^ERR_HTTP2_(INVALID_SESSION|GOAWAY_SESSION|OUT_OF_STREAMS|SOCKET_UNBOUND)$/;

/** A session's end is told by number, a stream's by name (RFC 9113, section 7). */
const CLOSED_WITH = /\berror code (?:NGHTTP2_)?([A-Z\d_]+)/;

/** Node's http2: what a stream or its session was closed with, which the message alone tells. */
export function http2({ error, code }: ErrorFacts): Meaning | undefined {
  if (typeof code !== 'string' || !code.startsWith('ERR_HTTP2_')) return undefined;
  if (NOT_OPENED.test(code)) return { errorClass: 'TRANSIENT', type: code, unprocessed: true };
  // Of a stream that still waited for its session to connect nothing was sent.
  if (code === 'ERR_HTTP2_STREAM_CANCEL') return { ...meaningOfWrapped(code, read(error, 'cause')), unprocessed: true };
  const message = read(error, 'message');
  switch (typeof message === 'string' ? CLOSED_WITH.exec(message)?.[1] : undefined) {
    // Section 8.7: a stream that is refused has had nothing done for it.
    case 'REFUSED_STREAM':
      return { errorClass: 'TRANSIENT', type: code, unprocessed: true };
    case 'ENHANCE_YOUR_CALM':
    case '11':
      return { errorClass: 'RATE_LIMIT', type: code };
    case 'INADEQUATE_SECURITY':
    case '12':
    case 'HTTP_1_1_REQUIRED':
    case '13':
      return { errorClass: 'PERMANENT', type: code };
    default:
      return undefined;
  }
}
