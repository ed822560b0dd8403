/** A property of anything at all: undefined for null, for what is not there, and for a getter or proxy that throws. */
export function read(target: unknown, key: string): unknown {
  try {
    return (target as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}
