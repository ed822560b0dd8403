type Enqueue = (callback: () => void) => void;

// Taken at load, so that fake timers which are switched on later do not stop it; ones that already are leave these marks.
const enqueue = realImmediate() ?? viaMessage;

function realImmediate(): Enqueue | undefined {
  const immediate: unknown = Reflect.get(globalThis, 'setImmediate');
  if (!isEnqueue(immediate) || 'clock' in immediate || immediate.name.startsWith('bound ')) return undefined;
  return (callback) => immediate(callback);
}

function isEnqueue(value: unknown): value is Enqueue {
  return typeof value === 'function';
}

function viaMessage(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(undefined);
}

/**
 * Waits for one turn of the real event loop. The loop takes no turn before every promise job has run, those included that
 * such jobs make: no number of `await`s is guessed.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => enqueue(resolve));
}
