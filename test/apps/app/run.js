import { AbortRetryError, CircuitOpenError, constant, outcomeOf, policy, ServerError } from '@redress/core';
import { telemetry } from '@redress/core/telemetry';

/** A tracer provider that counts the spans it is asked for. */
function countingTracers() {
  const names = [];
  const span = { isRecording: () => true, spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }) };
  const self = new Proxy(span, { get: (target, key) => target[key] ?? (() => self) });
  const startSpan = (name) => {
    names.push(name);
    return self;
  };
  return { names, getTracer: () => ({ startSpan, startActiveSpan: (name, ...rest) => rest.at(-1)(startSpan(name)) }) };
}

/** What the small apps do: a rescue, a refusal, an outcome found by its error, and the spans. */
export async function run() {
  const tracerProvider = countingTracers();
  const release = telemetry().bind({ tracerProvider });
  const shop = policy('shop', { retry: { backoff: constant(0) }, circuitBreaker: { trip: { type: 'consecutive', failures: 2 } } });
  const rescued = await shop.settle(({ number }) => {
    if (number === 1) throw new ServerError('first');
    return 'value';
  });
  shop.circuitBreaker.forceOpen();
  const refusal = await shop.call(() => 'never').catch((error) => error);
  release();
  return [
    rescued.value,
    rescued.attempts,
    refusal instanceof CircuitOpenError && !(refusal instanceof AbortRetryError),
    outcomeOf(refusal)?.stopReason,
    tracerProvider.names.length,
  ].join(' ');
}
