import type { ErrorClass } from '../model/ErrorClass.js';

/**
 * What codes mean, first match wins. What is over when somebody restarts, reconnects or lets go is TRANSIENT; what stays so is PERMANENT.
 */
const MEANINGS: readonly (readonly [RegExp, ErrorClass])[] = [
  // Node: connections and DNS
  [/^(ECONN|ENET|EHOST|EAI_|EADDR|ETIME|ESOCKETTIME|EPIPE|ENOTCONN|ENOTFOUND|ESERVFAIL)/, 'TRANSIENT'],
  [/^ERR_(STREAM_PREMATURE|SOCKET_C|TLS_HANDSHAKE|HTTP2_(STREAM|SESSION|GOAWAY|PING))/, 'TRANSIENT'],
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
  [/^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA$|INVALID_PURPOSE|PATH_LENGTH_|ERR_TLS_CERT)/, 'PERMANENT'],
  [/^UNABLE_TO_(GET_ISSUER|GET_CRL|DECRYPT_C|DECODE_ISSUER|VERIFY_LEAF)/, 'PERMANENT'],
  // axios, got and follow-redirects; Bun
  [/^(ERR_NETWORK|Connection(Refused|Reset|Closed)|FailedToOpenSocket)$/, 'TRANSIENT'],
  [/^(HPE_HEADER|ERR_(FR_)?TOO_MANY_REDIRECTS|ERR_BAD_OPTION)/, 'PERMANENT'],
];

/** The class of an error code of Node, undici, axios or Bun; undefined for any other. */
export function classOfCode(code: string): ErrorClass | undefined {
  return MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
}
