import { diag, DiagLogLevel } from '@opentelemetry/api';

/** Tells each warning and each error of OpenTelemetry once: a collector that cannot be reached would else be told of every second. */
export function tellDiag(tell: (message: string) => void): void {
  const told = new Set<string>();
  const once = (message: string): void => {
    const short = firstLine(message);
    if (!told.has(short)) {
      told.add(short);
      tell(short);
    }
  };
  const nothing = (): void => undefined;
  diag.setLogger({ error: once, warn: once, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.WARN);
}

/** What an SDK reports is a message, or an error with its stack as JSON. */
export function firstLine(message: string): string {
  const stack = /^\{.*"stack":"((?:[^"\\]|\\.)*)"/.exec(message)?.[1];
  return (stack ?? message).split(/\n|\\n/)[0] ?? '';
}
