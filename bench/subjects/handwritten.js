/**
 * A function written by hand that emits, for a successful call, what redress emits: the same span, attributes, event, counts and record.
 * It makes what it can once, as somebody who minds would; it has no timeout, no retry and no breaker.
 */
import { context, metrics, trace } from '@opentelemetry/api';

export function handwritten(policy, operation) {
  const meter = metrics.getMeter('handwritten');
  const tracer = trace.getTracer('handwritten');
  const duration = meter.createHistogram('redress.retry.duration', { unit: 's' });
  const identity = { 'redress.policy': policy, operation };
  const firstAttempt = { ...identity, 'retry.attempt': 1 };
  const succeeded = { ...identity, 'redress.event': 'success' };
  const recorded = { ...identity, 'redress.outcome': 'success' };
  const ended = { 'redress.attempt_count': 1, 'redress.outcome': 'success' };
  let attempts = 0;
  let successes = 0;
  meter.createObservableCounter('redress.attempts').addCallback((result) => result.observe(attempts, firstAttempt));
  meter.createObservableCounter('redress.events').addCallback((result) => result.observe(successes, succeeded));

  const metered = async (fn, attempt) => {
    const startedAt = performance.now();
    attempts++;
    const value = await fn(attempt);
    successes++;
    duration.record((performance.now() - startedAt) / 1_000, recorded);
    return value;
  };

  const traced = async (fn, attempt) => {
    const startedAt = performance.now();
    const parent = context.active();
    const span = tracer.startSpan(operation, { attributes: identity }, parent);
    const active = trace.setSpan(parent, span);
    attempts++;
    const value = await context.with(active, fn, undefined, attempt);
    successes++;
    duration.record((performance.now() - startedAt) / 1_000, recorded, active);
    span.setAttributes(ended);
    span.end();
    return value;
  };

  return { metered, traced };
}
