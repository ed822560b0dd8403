import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';

/** nodemailer's own codes (7.0: lib/smtp-connection/index.js, lib/smtp-pool, lib/mailer); 8 lists them in lib/errors.js. */
const CODES = /* @__PURE__ */ words({
  TRANSIENT: 'ESOCKET ECONNECTION EDNS EPROTOCOL EMAXLIMIT EPROXY ETLS',
  AUTH: 'EAUTH ENOAUTH EOAUTH2',
  PERMANENT: 'EENVELOPE EMESSAGE EREQUIRETLS ECONFIG',
});

/** Replies that are about who sends (RFC 4954, section 6). */
const AUTH: ReadonlySet<number> = /* @__PURE__ */ new Set([530, 534, 535, 538]);

/** Amazon SES and others say with a 454 or 421 that it was too much at once. */
const THROTTLED = /throttl|rate (limit|exceeded)|sending rate/i;

/** OpenSSL's code is lost beneath nodemailer's; its words are left. */
const CERTIFICATE = /certificate|altnames/i;

/** nodemailer: an SMTP reply on `responseCode` (RFC 5321, section 4.2.1: 4yz is for now, 5yz for good), else one of its codes. */
export function smtp({ error, code }: ErrorFacts): Meaning | undefined {
  if (typeof code !== 'string') return undefined;
  const byCode = CODES.get(code);
  const reply = read(error, 'responseCode');
  if (byCode === undefined && typeof read(error, 'command') !== 'string') return undefined;
  if (typeof reply === 'number' && reply >= 400 && reply < 600) return byReply(reply, read(error, 'response'));
  if (byCode === undefined) return undefined;
  const message = read(error, 'message');
  if (byCode === 'TRANSIENT' && typeof message === 'string' && CERTIFICATE.test(message)) return { errorClass: 'PERMANENT', type: code };
  return { errorClass: byCode, type: systemCode(message) ?? code, unprocessed: code === 'EDNS' || undefined };
}

function byReply(reply: number, response: unknown): Meaning {
  const type = String(reply);
  if (AUTH.has(reply)) return { errorClass: 'AUTH', type };
  if (reply >= 500) return { errorClass: 'PERMANENT', type };
  // RFC 5321, section 4.2.1: "the command was not accepted, and the requested action did not occur".
  return { errorClass: typeof response === 'string' && THROTTLED.test(response) ? 'RATE_LIMIT' : 'TRANSIENT', type, unprocessed: true };
}

/** `connect ECONNREFUSED 127.0.0.1:587`: the system's own code, which nodemailer puts its own over. */
function systemCode(message: unknown): string | undefined {
  return typeof message === 'string' ? /^(?:connect|read|write|getaddrinfo|query\w+) (E[A-Z_]+)\b/.exec(message)?.[1] : undefined;
}
