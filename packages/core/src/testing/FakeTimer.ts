/** A timer of a {@link FakeClock}, with `ref` and `unref` as Node's have. */
export class FakeTimer {
  /** When it goes off, by its clock. */
  readonly atMs: number;
  readonly callback: () => void;
  private refs = true;

  constructor(atMs: number, callback: () => void) {
    this.atMs = atMs;
    this.callback = callback;
  }

  /** It would keep the process alive; so it is at first. */
  ref(): this {
    this.refs = true;
    return this;
  }

  /** It would not keep the process alive. */
  unref(): this {
    this.refs = false;
    return this;
  }

  /** Whether it would keep the process alive. */
  hasRef(): boolean {
    return this.refs;
  }
}
