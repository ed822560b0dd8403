const MOST_CAUSES = 20;
const CODES: ReadonlySet<unknown> = new Set(['ABORT_ERR', 'ERR_CANCELED']);

/**
 * Whether a function ended because its user called it off, by a signal or a cancel of his own: an `AbortError` of the platform and of
 * whatever follows it, axios' cancel, the SDKs' APIUserAbortError. One that was caused by a timeout is none. Never throws.
 */
export function isOwnAbort(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const looksSo =
    read(error, 'name') === 'AbortError' ||
    CODES.has(read(error, 'code')) ||
    read(error, '__CANCEL__') === true ||
    read(read(error, 'constructor'), 'name') === 'APIUserAbortError';
  return looksSo && !comesOfTimeout(error);
}

function comesOfTimeout(error: object): boolean {
  let cause: unknown = read(error, 'cause');
  for (let depth = 0; depth < MOST_CAUSES && cause !== undefined && cause !== null; depth++) {
    if (/Timeout/.test(textOf(read(cause, 'name')))) return true;
    cause = read(cause, 'cause');
  }
  return false;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function read(target: unknown, key: string): unknown {
  if ((typeof target !== 'object' || target === null) && typeof target !== 'function') return undefined;
  try {
    return Reflect.get(target, key);
  } catch {
    return undefined;
  }
}
