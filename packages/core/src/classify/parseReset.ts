/** Seconds since 1970 from here on (September 2001); what is less is a wait. */
const FIRST_EPOCH_SECOND = 1e9;
const FIRST_EPOCH_MS = 1e12;

const GO_DURATION = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;

/**
 * Milliseconds until a limit is filled again, by a header such as `X-RateLimit-Reset`: seconds, seconds or milliseconds since 1970, a
 * duration as Go writes it (`6m0s`, `120ms`), or a date of ISO 8601. 0 for what is over; undefined for anything else.
 */
export function parseReset(value: unknown, nowEpochMs: number): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (/^\d+(\.\d+)?$/.test(text)) return ofNumber(Number(text), nowEpochMs);
  const duration = text === '' ? null : GO_DURATION.exec(text);
  if (duration !== null) {
    const [, hours = 0, minutes = 0, seconds = 0, ms = 0] = duration;
    return Math.round(Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000 + Number(ms));
  }
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowEpochMs);
}

function ofNumber(number: number, nowEpochMs: number): number | undefined {
  if (!Number.isFinite(number)) return undefined;
  if (number < FIRST_EPOCH_SECOND) return Math.round(number * 1_000);
  return Math.max(0, Math.round((number < FIRST_EPOCH_MS ? number * 1_000 : number) - nowEpochMs));
}
