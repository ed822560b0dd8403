import { classOfCode } from './codes.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

describe('classOfCode', () => {
  it.each(
    words(`
      ECONNREFUSED ECONNRESET ECONNABORTED ENETUNREACH ENETDOWN ENETRESET EHOSTUNREACH EHOSTDOWN EAI_AGAIN EADDRINUSE EADDRNOTAVAIL
      ETIMEDOUT ETIMEOUT ESOCKETTIMEDOUT EPIPE ENOTCONN ENOTFOUND ESERVFAIL EAGAIN EBUSY EMFILE ENFILE ENOBUFS
      ERR_STREAM_PREMATURE_CLOSE ERR_SOCKET_CLOSED ERR_SOCKET_CONNECTION_TIMEOUT ERR_TLS_HANDSHAKE_TIMEOUT
      ERR_HTTP2_ERROR ERR_HTTP2_INVALID_SESSION ERR_HTTP2_INVALID_STREAM ERR_HTTP2_OUT_OF_STREAMS ERR_STREAM_DESTROYED ESHUTDOWN
      ERR_HTTP2_STREAM_ERROR ERR_HTTP2_STREAM_CANCEL ERR_HTTP2_SESSION_ERROR ERR_HTTP2_GOAWAY_SESSION ERR_HTTP2_PING_CANCEL
      HPE_INVALID_CONSTANT HPE_INVALID_EOF_STATE HPE_CLOSED_CONNECTION
    `),
  )('[classify.system-codes] %s is TRANSIENT', (code) => {
    expect(classOfCode(code)).toBe('TRANSIENT');
  });

  it.each(
    words(
      `UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT UND_ERR_SOCKET UND_ERR_INFO UND_ERR_RES_CONTENT_LENGTH_MISMATCH`,
    ),
  )('[classify.undici-codes] %s is TRANSIENT', (code) => {
    expect(classOfCode(code)).toBe('TRANSIENT');
  });

  it.each(words('ERR_NETWORK ConnectionRefused ConnectionReset ConnectionClosed FailedToOpenSocket'))(
    '%s, of axios or Bun, is TRANSIENT',
    (code) => {
      expect(classOfCode(code)).toBe('TRANSIENT');
    },
  );

  it.each(
    words(`
      ENOENT EEXIST EISDIR ENOTDIR EINVAL ENAMETOOLONG MODULE_NOT_FOUND ERR_MODULE_NOT_FOUND ERR_INVALID_URL HPE_HEADER_OVERFLOW
      ERR_TOO_MANY_REDIRECTS ERR_FR_TOO_MANY_REDIRECTS ERR_BAD_OPTION ERR_BAD_OPTION_VALUE
    `),
  )('[classify.system-codes] %s is PERMANENT', (code) => {
    expect(classOfCode(code)).toBe('PERMANENT');
  });

  it.each(
    words(`
      UND_ERR_INVALID_ARG UND_ERR_INVALID_RETURN_VALUE UND_ERR_NOT_SUPPORTED UND_ERR_REQ_CONTENT_LENGTH_MISMATCH UND_ERR_HEADERS_OVERFLOW
      UND_ERR_RES_EXCEEDED_MAX_SIZE UND_ERR_CLOSED UND_ERR_DESTROYED
    `),
  )('[classify.undici-codes] %s is PERMANENT', (code) => {
    expect(classOfCode(code)).toBe('PERMANENT');
  });

  it.each(
    words(`
      CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_REVOKED CERT_UNTRUSTED CERT_REJECTED CERT_SIGNATURE_FAILURE CERT_CHAIN_TOO_LONG CRL_HAS_EXPIRED
      UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_GET_CRL UNABLE_TO_DECRYPT_CERT_SIGNATURE UNABLE_TO_DECRYPT_CRL_SIGNATURE
      UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY UNABLE_TO_VERIFY_LEAF_SIGNATURE DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN HOSTNAME_MISMATCH
      INVALID_CA INVALID_PURPOSE PATH_LENGTH_EXCEEDED ERR_TLS_CERT_ALTNAME_INVALID
    `),
  )('%s, a certificate that is not trusted, is PERMANENT', (code) => {
    expect(classOfCode(code)).toBe('PERMANENT');
  });

  it.each(words('EACCES EPERM'))('[classify.system-codes] %s is PERMISSION', (code) => {
    expect(classOfCode(code)).toBe('PERMISSION');
  });

  it.each(
    words(`
      EPROTO ENOSPC ERR_INVALID_ARG_TYPE ERR_SOCKET_BAD_PORT ERR_CANCELED ABORT_ERR UND_ERR_ABORTED UND_ERR UND_ERR__TIMEOUTS_
      UNABLE_TO_PAY UNABLE_TO_DECODE_JSON INVALID_INPUT INVALID_CARD XECONNREFUSED XENOENT xEACCES EACCESS EPERMX ConnectionPoolFull Connection P2002 40001
      XERR_SOCKET_CLOSED XEAGAIN EBUSYX ENOENTX XUND_ERR_SOCKET XUND_ERR_INVALID_ARG XHPE_INVALID_CONSTANT XHPE_HEADER_OVERFLOW XCERT_HAS_EXPIRED
      XUNABLE_TO_GET_CRL XERR_NETWORK ERR_NETWORK_X
    `),
  )('has no opinion of %s', (code) => {
    expect(classOfCode(code)).toBeUndefined();
  });

  it.each(
    words(
      'ERR_HTTP2_INVALID_HEADER_VALUE ERR_HTTP2_STREAM_SELF_DEPENDENCY ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED ERR_SSL_WRONG_VERSION_NUMBER',
    ),
  )('%s, a wrong use, is PERMANENT', (code) => {
    expect(classOfCode(code)).toBe('PERMANENT');
  });

  it.each([
    { code: 'ENOENT', syscall: 'connect', then: 'TRANSIENT' },
    { code: 'ENOENT', syscall: 'getaddrinfo', then: 'TRANSIENT' },
    { code: 'ENODATA', syscall: 'queryA', then: 'TRANSIENT' },
    { code: 'EACCES', syscall: 'connect', then: 'PERMISSION' },
    { code: 'ENOENT', syscall: 'open', then: 'PERMANENT' },
    { code: 'ENODATA', syscall: 'getxattr', then: undefined },
    { code: 'ENOENT', syscall: 7, then: 'PERMANENT' },
  ])('[classify.syscall] $code of $syscall is $then', ({ code, syscall, then }) => {
    expect(classOfCode(code, syscall)).toBe(then);
  });

  it('has no opinion of an empty code', () => {
    expect(classOfCode('')).toBeUndefined();
  });
});
