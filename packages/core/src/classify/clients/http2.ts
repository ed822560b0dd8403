import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import type { Meaning } from './Client.js';

/** No stream was opened: the session was over, or going (https://nodejs.org/api/errors.html). */
const NOT_OPENED = /^ERR_HTTP2_(INVALID_SESSION|GOAWAY_SESSION|OUT_OF_STREAMS|SOCKET_UNBOUND)$/;

/** Node's http2: what a stream was closed with, which its message alone tells (RFC 9113, section 7). */
export function http2({ error, code }: ErrorFacts): Meaning | undefined {
  if (typeof code !== 'string' || !code.startsWith('ERR_HTTP2_')) return undefined;
  if (NOT_OPENED.test(code)) return { errorClass: 'TRANSIENT', type: code, unprocessed: true };
  const message = read(error, 'message');
  const reason = typeof message === 'string' ? /\bNGHTTP2_[A-Z\d_]+/.exec(message)?.[0] : undefined;
  // Section 8.7: a stream that is refused has had nothing done for it.
  if (reason === 'NGHTTP2_REFUSED_STREAM') return { errorClass: 'TRANSIENT', type: code, unprocessed: true };
  if (reason === 'NGHTTP2_ENHANCE_YOUR_CALM') return { errorClass: 'RATE_LIMIT', type: code };
  return reason === 'NGHTTP2_HTTP_1_1_REQUIRED' || reason === 'NGHTTP2_INADEQUATE_SECURITY'
    ? { errorClass: 'PERMANENT', type: code }
    : undefined;
}
