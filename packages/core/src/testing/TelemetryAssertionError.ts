/** What was emitted is not what a test said. Test runners show `expected` and `actual` side by side. */
export class TelemetryAssertionError extends Error {
  readonly expected: unknown;
  readonly actual: unknown;

  /** @param emitted - what there is, for people to read: it goes under the message. */
  constructor(message: string, expected: unknown, actual: unknown, emitted: string) {
    super(`${message}\n\n${emitted}`);
    this.name = 'TelemetryAssertionError';
    this.expected = expected;
    this.actual = actual;
  }
}
