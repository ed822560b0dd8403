import fc from 'fast-check';
import { parseRetryAfter } from './parseRetryAfter.js';

const now = Date.UTC(2026, 0, 31, 12, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    { value: '0', then: 0 },
    { value: '1', then: 1_000 },
    { value: '120', then: 120_000 },
    { value: ' 120\t', then: 120_000 },
    { value: '007', then: 7_000 },
    { value: 30, then: 30_000 },
    { value: 0.25, then: 250 },
    { value: '1.5', then: 1_500 },
    { value: '1.1', then: 1_100 },
    { value: '0.0004', then: 0 },
    { value: '12.345', then: 12_345 },
    { value: '86400000', then: 86_400_000_000 },
  ])('[classify.retry-after-forms] $value seconds are $then ms', ({ value, then }) => {
    expect(parseRetryAfter(value, now)).toBe(then);
  });

  it.each([
    { form: 'IMF-fixdate', value: 'Sat, 31 Jan 2026 12:00:30 GMT', then: 30_000 },
    { form: 'RFC 850', value: 'Saturday, 31-Jan-26 12:00:30 GMT', then: 30_000 },
    { form: 'asctime', value: 'Sat Jan 31 12:00:30 2026', then: 30_000 },
    { form: 'asctime, a day of one digit', value: 'Sun Feb  1 12:00:00 2026', then: 86_400_000 },
    { form: 'asctime, a day of two digits', value: 'Tue Feb 10 12:00:00 2026', then: 10 * 86_400_000 },
    { form: 'a leap day', value: 'Tue, 29 Feb 2028 12:00:00 GMT', then: Date.UTC(2028, 1, 29, 12) - now },
    { form: 'RFC 850 after the turn of a century', value: 'Monday, 06-Nov-00 08:49:37 GMT', then: 0 },
    { form: 'RFC 850, 50 years ahead', value: 'Friday, 31-Jan-76 12:00:00 GMT', then: Date.UTC(2076, 0, 31, 12) - now },
    { form: 'RFC 850, 51 years ahead, which is 49 ago', value: 'Monday, 31-Jan-77 12:00:00 GMT', then: 0 },
  ])('[classify.retry-after-forms] $form: $value is in $then ms', ({ value, then }) => {
    expect(parseRetryAfter(value, now)).toBe(then);
  });

  it.each([
    { value: 'Sat, 31 Jan 2026 12:00:00 GMT' },
    { value: 'Sat, 31 Jan 2026 11:59:59 GMT' },
    { value: 'Sun, 06 Nov 1994 08:49:37 GMT' },
    { value: 'Sunday, 06-Nov-94 08:49:37 GMT' },
    { value: 'Sun Nov  6 08:49:37 1994' },
    { value: 'Thu, 01 Jan 1970 00:00:00 GMT' },
  ])('[classify.retry-after-past] $value, which is over, is 0', ({ value }) => {
    expect(parseRetryAfter(value, now)).toBe(0);
  });

  it.each([
    { value: '' },
    { value: ' ' },
    { value: '-1' },
    { value: '+1' },
    { value: '1e3' },
    { value: '0x10' },
    { value: '1.' },
    { value: '.5' },
    { value: '1.5.5' },
    { value: '1,5' },
    { value: '5 s' },
    { value: 's5' },
    { value: 'soon' },
    { value: '9'.repeat(400) },
    { value: -1 },
    { value: Number.NaN },
    { value: Infinity },
    { value: null },
    { value: undefined },
    { value: true },
    { value: {} },
    { value: ['5'] },
    { value: Symbol('5') },
    { value: '2026-01-31T12:00:30Z' },
    { value: '31 Jan 2026 12:00:30 GMT' },
    { value: 'Sat, 31 Jan 2026 12:00:30' },
    { value: 'Sat, 31 Jan 2026 12:00:30 UTC' },
    { value: 'Sat, 31 Jan 2026 12:00:30 GMT+1' },
    { value: 'Sat, 31 Jan 2026 12:00 GMT' },
    { value: 'x Sat, 31 Jan 2026 12:00:30 GMT' },
    { value: '5, 31 Jan 2026 12:00:30 GMT' },
    { value: 'Sat, 1 Feb 2026 12:00:30 GMT' },
    { value: 'Sat, 31 jan 2026 12:00:30 GMT' },
    { value: 'Sat, 31 Foo 2026 12:00:30 GMT' },
    { value: 'Sat, 31 January 2026 12:00:30 GMT' },
    { value: 'Sat, 31 Feb 2026 12:00:30 GMT' },
    { value: 'Sun, 29 Feb 2026 12:00:00 GMT' },
    { value: 'Sat, 00 Jan 2026 12:00:30 GMT' },
    { value: 'Sat, 31 Jan 2026 24:00:30 GMT' },
    { value: 'Sat, 31 Jan 2026 12:60:30 GMT' },
    { value: 'Sat, 31 Jan 2026 12:00:61 GMT' },
    { value: 'Sat, 31 Jan 226 12:00:30 GMT' },
    { value: 'Sat, 31 Jan 12026 12:00:30 GMT' },
    { value: 'Saturday, 31-Jan-126 12:00:30 GMT' },
    { value: 'Sat Jan 31 12:00:30 26' },
    { value: 'Sat Jan 31 12:00:30 2026 GMT' },
    { value: 'x Sat Jan 31 12:00:30 2026' },
    { value: 'Sat Jan 1 12:00:30 2027' },
  ])('[classify.retry-after-malformed] $value is ignored', ({ value }) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });

  it('goes by the wall clock unless it is given the time', () => {
    jest.useFakeTimers({ now });
    try {
      expect(parseRetryAfter('Sat, 31 Jan 2026 12:01:00 GMT')).toBe(60_000);
    } finally {
      jest.useRealTimers();
    }
  });

  describe('whatever the date', () => {
    // 48 years around the given time, so that two digits of a year mean the same one.
    const seconds = fc.integer({ min: 0, max: Math.floor(Date.UTC(2100) / 1000) });
    const offset = fc.integer({ min: -48 * 365 * 86_400, max: 48 * 365 * 86_400 });
    const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
    const parts = (epochMs: number) => {
      const [, day = '', month = '', year = '', time = ''] = /, (\d\d) (\w{3}) (\d{4}) (\S+)/.exec(new Date(epochMs).toUTCString()) ?? [];
      const weekday = days[new Date(epochMs).getUTCDay()] ?? '';
      return { weekday, day, month, year, time };
    };

    it.each([
      { form: 'IMF-fixdate', write: (epochMs: number) => new Date(epochMs).toUTCString() },
      {
        form: 'RFC 850',
        write: (epochMs: number) => {
          const { weekday, day, month, year, time } = parts(epochMs);
          return `${weekday}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
        },
      },
      {
        form: 'asctime',
        write: (epochMs: number) => {
          const { weekday, day, month, year, time } = parts(epochMs);
          return `${weekday.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
        },
      },
    ])('[classify.retry-after-forms] $form is read back as it was written, and [classify.retry-after-past] never below 0', ({ write }) => {
      fc.assert(
        fc.property(seconds, offset, (nowSeconds, offsetSeconds) => {
          const written = write((nowSeconds + offsetSeconds) * 1000);
          expect(parseRetryAfter(written, nowSeconds * 1000)).toBe(Math.max(0, offsetSeconds * 1000));
        }),
      );
    });
  });

  it('[classify.retry-after-malformed] gives a finite number of at least 0 or nothing, whatever it is given, and never throws', () => {
    const alphabet = fc.constantFrom(...'0123456789.,:- +eGMTSunMonJanFebDecday\t\n');
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.string(), fc.string({ unit: alphabet, maxLength: 40 }), fc.double(), fc.integer()),
        (value) => {
          const waitMs = parseRetryAfter(value, now);
          expect(waitMs === undefined || (Number.isFinite(waitMs) && waitMs >= 0)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
