import { text, type SpanAttributes } from './Span.js';

/** Types of errors that say little to people who did not write them. */
const inWords: Readonly<Record<string, string>> = {
  AttemptTimeoutError: 'the attempt timeout',
  TimeoutError: 'a timeout',
  ECONNRESET: 'a reset connection',
  UND_ERR_SOCKET: 'a broken connection',
  ECONNREFUSED: 'a refused connection',
  ENOTFOUND: 'an unknown host',
};

/** The same for a type that names nothing: fetch throws a TypeError whenever the network fails. */
const byClass: Readonly<Record<string, string>> = {
  TRANSIENT: 'a broken connection',
};

/** A type of error in words; the type itself where there are none for it. */
export function errorInWords(errorType: string): string {
  return inWords[errorType] ?? errorType;
}

/** A failure in words. Undefined when there was none. */
export function failureName(attributes: SpanAttributes): string | undefined {
  const errorClass = text(attributes, 'error.class');
  const errorType = text(attributes, 'error.type');
  if (errorType === undefined) {
    return errorClass;
  }
  if (errorType === 'TypeError' && errorClass !== undefined) {
    return byClass[errorClass] ?? `${errorType} (${errorClass})`;
  }
  return (
    inWords[errorType] ??
    (errorClass === undefined || errorType === errorClass || /^\d+$/.test(errorType) ? errorType : `${errorType} (${errorClass})`)
  );
}
