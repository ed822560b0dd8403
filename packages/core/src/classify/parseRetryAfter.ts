/**
 * Milliseconds that a Retry-After header asks to wait (RFC 9110, section 10.2.3): seconds, also with a fraction, or an HTTP date in any of
 * its three forms. 0 for a date in the past; undefined for what is malformed.
 */
export function parseRetryAfter(value: unknown, nowEpochMs: number = Date.now()): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : Math.max(0, epochMsOf(text, nowEpochMs) - nowEpochMs);
  return Number.isFinite(waitMs) ? waitMs : undefined;
}

/** Epoch milliseconds of an HTTP date, as the header Date has it; NaN for anything else. */
export function epochMsOfDate(value: unknown, nowEpochMs: number): number {
  return typeof value === 'string' ? epochMsOf(value.trim(), nowEpochMs) : Number.NaN;
}

/** `Sun Nov  6 08:49:37 1994`, which C's asctime writes; always UTC here. */
const ASCTIME = /^([A-Z][a-z]+) ([A-Z][a-z]+) ([ \d]\d) ([\d:]+) (\d{4})$/;
/** `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate) and `Sunday, 06-Nov-94 08:49:37 GMT` (RFC 850). */
const FIXDATE = /^[A-Z][a-z]+, ([ \d]\d)[ -]([A-Z][a-z]+)[ -](\d\d|\d{4}) ([\d:]+) GMT$/;

/**
 * Epoch milliseconds of an HTTP date (RFC 9110, section 5.6.7); NaN when it is none. `Date.parse` alone takes far more, asctime in local
 * time.
 */
function epochMsOf(text: string, nowEpochMs: number): number {
  const [, day = '', month, year = '', time] = FIXDATE.exec(text.replace(ASCTIME, '$1, $3 $2 $5 $4 GMT')) ?? [];
  const date = `${day.replace(' ', '0')} ${month} ${year.length === 2 ? fullYear(Number(year), nowEpochMs) : year} ${time} GMT`;
  const parsed = new Date(date);
  // Writing it again finds every field that is out of range, as `new Date` makes 3 March of 31 February.
  return parsed.toUTCString().endsWith(date) ? parsed.getTime() : Number.NaN;
}

/** Two digits mean the last year that ends in them and is not more than 50 years ahead. */
function fullYear(digits: number, nowEpochMs: number): number {
  const latest = new Date(nowEpochMs).getUTCFullYear() + 50;
  return latest - ((latest - digits) % 100);
}
