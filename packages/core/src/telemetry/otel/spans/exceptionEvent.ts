import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '../../port/semconv.js';
import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';

/**
 * Attributes of the exception event. By hand, because the SDK's `recordException` prefers `error.code` to the class name.
 * An error may be anything, getters that throw included; what cannot be read is left out.
 */
export function exceptionAttributes(error: unknown): EmittedAttributes {
  const attributes: EmittedAttributes = { [ATTR_EXCEPTION_TYPE]: className(error) };
  const message = typeof error === 'object' && error !== null ? read(error, 'message') : asText(error);
  if (message !== undefined && message !== '') attributes[ATTR_EXCEPTION_MESSAGE] = message;
  const stack = typeof error === 'object' && error !== null ? read(error, 'stack') : undefined;
  if (stack !== undefined && stack !== '') attributes[ATTR_EXCEPTION_STACKTRACE] = stack;
  return attributes;
}

function className(error: unknown): string {
  if (typeof error !== 'object' || error === null) return error === null ? 'null' : typeof error;
  try {
    // An anonymous class, or one without a constructor, has no name of its own.
    return text(error.constructor?.name) ?? read(error, 'name') ?? 'Error';
  } catch {
    return 'Error';
  }
}

function read(error: object, key: 'message' | 'name' | 'stack'): string | undefined {
  try {
    return text((error as Readonly<Record<string, unknown>>)[key]);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function asText(value: unknown): string | undefined {
  try {
    return String(value);
  } catch {
    return undefined;
  }
}
