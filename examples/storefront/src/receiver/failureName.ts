import { text, type SpanAttributes } from './Span.js';

/** A failure by name: a status code stands for itself, an exception wants its class beside it. Undefined when there was none. */
export function failureName(attributes: SpanAttributes): string | undefined {
  const errorClass = text(attributes, 'error.class');
  const errorType = text(attributes, 'error.type');
  if (errorType === undefined || errorClass === undefined || errorType === errorClass || /^\d+$/.test(errorType)) {
    return errorType ?? errorClass;
  }
  return `${errorType} (${errorClass})`;
}
