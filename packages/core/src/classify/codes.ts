import type { ErrorClass } from '../model/ErrorClass.js';

/**
 * What codes mean, first match wins. What is over when somebody restarts, reconnects or lets go is TRANSIENT; what stays so is PERMANENT.
 */
const MEANINGS: readonly (readonly [RegExp, ErrorClass])[] = [
  // Node: connections and DNS
  [/^(ECONN|ENET|EHOST|EAI_|EADDR|ETIME|ESOCKETTIME|EPIPE|ENOTCONN|ENOTFOUND|ESERVFAIL|ESHUTDOWN$|EREFUSED$)/, 'TRANSIENT'],
  [/^ERR_(STREAM_(PREMATURE|DESTROYED|UNABLE_TO_PIPE)|SOCKET_C|TLS_HANDSHAKE|HTTP_REQUEST_TIMEOUT)/, 'TRANSIENT'],
  // Node's http2: the session or stream is gone; the rest of its codes tell of a wrong use
  [
    /^ERR_HTTP2_(ERROR$|(STREAM|SESSION|GOAWAY|PING|INVALID_SESSION|INVALID_STREAM|OUT_OF_STREAMS|SOCKET_UNBOUND|MAX_PENDING|TOO_MANY)(?!_SELF))/,
    'TRANSIENT',
  ],
  [/^ERR_HTTP2_/, 'PERMANENT'],
  // OpenSSL: a record or an ending that the network spoilt; the rest is what both sides cannot agree on
  [/^ERR_SSL_.*(UNEXPECTED_EOF|BAD_RECORD_MAC|INTERNAL_ERROR|DECODE_ERROR|SHUTDOWN|CLOSE_NOTIFY)/, 'TRANSIENT'],
  [/^ERR_(SSL_|TLS_(CERT|INVALID|PROTOCOL|PSK|REQUIRED|DH|ALPN|SNI|RENEGOTIATION_DISABLED))/, 'PERMANENT'],
  // Node: what a machine is short of for a while, files, and what it does not let us do
  [/^(EAGAIN|EBUSY|EMFILE|ENFILE|ENOBUFS)$/, 'TRANSIENT'],
  [/^(ENOENT|EEXIST|EISDIR|ENOTDIR|EINVAL|ENAMETOOLONG|(ERR_)?MODULE_NOT_FOUND|ERR_INVALID_URL)$/, 'PERMANENT'],
  [/^(EACCES|EPERM)$/, 'PERMISSION'],
  // undici
  [/^UND_ERR_(\w+_TIMEOUT|SOCKET|INFO|RES_CONTENT)/, 'TRANSIENT'],
  [/^UND_ERR_(INVALID|NOT_SUPPORTED|REQ_CONTENT|HEADERS_OVERFLOW|RES_EXCEEDED|CLOSED|DESTROYED)/, 'PERMANENT'],
  // llhttp: what came was not HTTP, as when a peer dies in the middle of an answer
  [/^HPE_(?!HEADER_OVERFLOW)/, 'TRANSIENT'],
  // certificates, by the names that OpenSSL gives the reason not to trust one
  [/^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA$|INVALID_PURPOSE|PATH_LENGTH_)/, 'PERMANENT'],
  [/^UNABLE_TO_(GET_ISSUER|GET_CRL|DECRYPT_C|DECODE_ISSUER|VERIFY_LEAF)/, 'PERMANENT'],
  // axios, got and follow-redirects; Bun
  [/^(ERR_NETWORK|Connection(Refused|Reset|Closed)|FailedToOpenSocket)$/, 'TRANSIENT'],
  [/^(HPE_HEADER|ERR_(FR_)?TOO_MANY_REDIRECTS|ERR_FR_MAX_BODY|ERR_BAD_OPTION)/, 'PERMANENT'],
];

/** What a name is asked for with; a code of one of these is never about a file. */
const LOOKUP = /^(getaddrinfo|getnameinfo|getHostBy\w+|query\w+)$/;

/**
 * The class of an error code of Node, undici, axios or Bun; undefined for any other. The system call says what it was about: ENOENT of
 * `connect` is a socket's path at which nobody listens now, of `getaddrinfo` a name that is not found, and only else a file that is not there.
 */
export function classOfCode(code: string, syscall?: unknown): ErrorClass | undefined {
  if (typeof syscall === 'string' && /^E[A-Z]/.test(code)) {
    if (LOOKUP.test(syscall)) return 'TRANSIENT';
    if (syscall === 'connect' && !/^(EACCES|EPERM|EINVAL)$/.test(code)) return 'TRANSIENT';
  }
  return MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
}

/** No connection came about, so nothing was sent. */
const NO_CONNECTION =
  /^(E(CONNREFUSED|NOTFOUND|AI_AGAIN|SERVFAIL|ADDRNOTAVAIL)|(UND_ERR|ERR_SOCKET)_CONNECT(ION)?_TIMEOUT|ConnectionRefused|FailedToOpenSocket)$/;

/** Whether a code proves that nothing was sent. */
export function meansNoConnection(code: string): boolean {
  return NO_CONNECTION.test(code);
}
