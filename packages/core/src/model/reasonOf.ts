/** Why a signal fired: an AbortError where it does not say, as those of older platforms and polyfills, or cannot be asked. */
export function reasonOf(signal: AbortSignal): unknown {
  return told(signal) ?? new DOMException('This operation was aborted', 'AbortError');
}

function told(signal: AbortSignal): unknown {
  try {
    return signal.reason;
  } catch {
    return undefined;
  }
}
