import type { Attributes } from '../../../model/Attributes.js';
import type { Attributes as OtelAttributes } from '@opentelemetry/api';
import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import {
  ATTR_CIRCUIT_NAME,
  ATTR_CIRCUIT_STATE,
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_OPERATION,
  ATTR_RETRY_ATTEMPT,
} from '../../port/semconv.js';
import { isFiniteValue } from '../finite.js';

const OURS: ReadonlySet<string> = new Set([
  ATTR_OPERATION,
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_RETRY_ATTEMPT,
  ATTR_CIRCUIT_NAME,
  ATTR_CIRCUIT_STATE,
]);

/**
 * The caller's attributes with ours over them: names that redress uses are not the caller's to set.
 * Keys are read one by one, so that a getter that throws costs its own key alone.
 */
export function withCallerAttributes(
  ours: Readonly<EmittedAttributes>,
  caller: Attributes,
  onError: (error: unknown) => void,
): OtelAttributes {
  const attributes: OtelAttributes = { ...ours };
  let keys: string[];
  try {
    keys = Object.keys(caller);
  } catch (error) {
    onError(error);
    return attributes;
  }
  for (const key of keys) {
    if (OURS.has(key) || key.startsWith('redress.')) continue;
    try {
      const value = caller[key];
      if (value === undefined || value === null) continue;
      if (!isFiniteValue(value)) continue;
      attributes[key] = typeof value === 'object' ? value.slice() : value;
    } catch (error) {
      onError(error);
    }
  }
  return attributes;
}
