/** A property of anything at all: undefined for null, for what is not there, and for a getter or proxy that throws. */
export function read(target: unknown, key: string): unknown {
  try {
    return (target as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}

/** Whether anything at all has a property, also one that cannot be read; a proxy that throws has it. */
export function has(target: unknown, key: PropertyKey): boolean {
  try {
    return typeof target === 'object' && target !== null && key in target;
  } catch {
    return true;
  }
}
