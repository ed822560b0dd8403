/**
 * `instanceof` for the errors of redress. A program may hold two copies of core (ESM and CJS), each with its own classes; an error made by
 * one must pass as the other's. Own classes are told by the `redressError` that their constructors carry and hand down to subclasses; a
 * user's subclass, which inherits this check but has no `redressError` of its own, is told in the ordinary way.
 */
export function hasInstance(this: object, value: unknown): boolean {
  return Object.hasOwn(this, 'redressError')
    ? brandOf(value) === (this as BrandedConstructor).redressError
    : Function.prototype[Symbol.hasInstance].call(this, value);
}

/** The name of the redress class that made an error, whichever copy of core it came from; undefined for anything else. Never throws. */
export function brandOf(value: unknown): unknown {
  try {
    return typeof value === 'object'
      ? (value as { readonly constructor?: Partial<BrandedConstructor> } | null)?.constructor?.redressError
      : undefined;
  } catch {
    return undefined; // a proxy that throws, or a getter
  }
}

/** Whether an error says that a gate of ours, of whichever copy of core, gave no leave to run. Never throws. */
export function isRefusal(value: unknown): boolean {
  try {
    return (value as { readonly constructor?: Partial<BrandedConstructor> } | null | undefined)?.constructor?.redressRefusal === true;
  } catch {
    return false; // a proxy that throws, or a getter
  }
}

interface BrandedConstructor {
  readonly redressError: string;
  readonly redressRefusal: boolean;
}
