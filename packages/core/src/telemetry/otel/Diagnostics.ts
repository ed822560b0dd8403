import { diag } from '@opentelemetry/api';

/** Tells OpenTelemetry's own diagnostics what went wrong in observing, since that must never reach a call. */
export class Diagnostics {
  private readonly told = new Set<string>();

  warn(message: string, cause?: unknown): void {
    try {
      if (cause === undefined) diag.warn(`redress: ${message}`);
      else diag.warn(`redress: ${message}`, cause);
    } catch {
      // A logger that throws has nobody left to tell.
    }
  }

  /** A new binding may have new troubles, and the old ones are worth telling of again. */
  forget(): void {
    this.told.clear();
  }

  /** Once per message: what throws on one call throws on the next million too. */
  warnOnce(message: string, cause?: unknown): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    this.warn(`${message} (told once)`, cause);
  }
}
