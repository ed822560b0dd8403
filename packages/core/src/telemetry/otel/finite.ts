/** The attributes without numbers that are not finite: OTLP/JSON makes null of them, and a collector refuses the whole batch for one. */
export function finite<T extends Readonly<Record<string, unknown>>>(attributes: T): T {
  for (const value of Object.values(attributes)) if (!isFiniteValue(value)) return onlyFinite(attributes);
  return attributes;
}

/** Whether a value is no number, or a finite one; of a list, each of its values. */
export function isFiniteValue(value: unknown): boolean {
  return typeof value === 'number' ? Number.isFinite(value) : !Array.isArray(value) || value.every(isFiniteValue);
}

function onlyFinite<T extends Readonly<Record<string, unknown>>>(attributes: T): T {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => isFiniteValue(value))) as T;
}
