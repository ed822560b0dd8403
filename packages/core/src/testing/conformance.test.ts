import { startInMemorySdk } from './startInMemorySdk.js';
import type { Collected } from './conformance.js';
import { missing, violations } from './conformance.js';
import { emitEverything } from '../telemetry/fixtures/everything.js';
import { telemetry } from '../telemetry/otel/install.js';

const ok: Collected = { spans: [], logs: [], series: [] };
const success = { 'redress.policy': 'p', operation: 'o', 'retry.attempt': 1 };
const call = { 'redress.policy': 'p', operation: 'o', 'redress.attempt_count': 1, 'redress.outcome': 'success' };
const attempts = { name: 'redress.attempts', kind: 'counter', unit: '{attempt}', description: 'Attempts made.', attributes: success };

describe('everything emitted', () => {
  it('is listed, and everything listed is emitted', async () => {
    const sdk = await startInMemorySdk();
    const config = { attemptSpans: true, attemptDuration: true, logSuccess: true, logSeverity: 'DEBUG' } as const;
    const unbind = telemetry().bind({ tracerProvider: sdk.tracerProvider, meterProvider: sdk.meterProvider, logSink: sdk.logSink, config });
    emitEverything();
    const collected = { spans: sdk.spans(), logs: sdk.logs(), series: await sdk.series() };
    unbind();
    await sdk.shutdown();
    expect(collected.spans.length).toBeGreaterThan(10);
    expect(violations(collected)).toEqual([]);
    expect(missing(collected)).toEqual([]);
  });
});

describe('the conformance check', () => {
  it.each<[string, Partial<Collected>, string]>([
    ['a metric that is not listed', { series: [{ ...attempts, name: 'redress.tries' }] }, 'metric redress.tries is not listed'],
    ['a wrong unit', { series: [{ ...attempts, unit: 's' }] }, 'metric redress.attempts: its unit is s, not {attempt}'],
    ['a wrong instrument', { series: [{ ...attempts, kind: 'gauge' }] }, 'metric redress.attempts: it is a gauge, not a counter'],
    ['a wrong description', { series: [{ ...attempts, description: 'Tries.' }] }, 'metric redress.attempts: its description is Tries.'],
    [
      'an unlisted attribute',
      { series: [{ ...attempts, attributes: { ...success, url: '/' } }] },
      'metric redress.attempts: url is not listed',
    ],
    [
      'a missing attribute',
      { series: [{ ...attempts, attributes: { 'redress.policy': 'p', operation: 'o' } }] },
      'metric redress.attempts: retry.attempt is missing',
    ],
    [
      'a wrong type',
      { series: [{ ...attempts, attributes: { ...success, 'retry.attempt': 1.5 } }] },
      'metric redress.attempts: retry.attempt is 1.5',
    ],
    [
      'a value that is no member',
      { spans: [{ name: 'o', kind: 'internal', attributes: { ...call, 'redress.outcome': 'fine' }, events: [] }] },
      'span o: redress.outcome is fine',
    ],
    ['a wrong span kind', { spans: [{ name: 'o', kind: 'client', attributes: call, events: [] }] }, 'span o: its kind is client'],
    [
      'an unlisted event',
      { spans: [{ name: 'o', kind: 'internal', attributes: call, events: [{ name: 'oops', attributes: {} }] }] },
      'span o: event oops is not listed',
    ],
    [
      'two terminal events',
      {
        spans: [
          {
            name: 'o',
            kind: 'internal',
            attributes: call,
            events: [
              { name: 'success', attributes: success },
              { name: 'success', attributes: success },
            ],
          },
        ],
      },
      'span o: 2 terminal events',
    ],
    [
      'a log event that is not listed',
      { logs: [{ eventName: 'redress.oops', severityText: 'INFO', attributes: {} }] },
      'log redress.oops is not listed',
    ],
    [
      'a wrong severity',
      { logs: [{ eventName: 'redress.success', severityText: 'ERROR', attributes: { ...success, 'redress.event': 'success' } }] },
      'log redress.success: severity is ERROR, not DEBUG',
    ],
    [
      'a wrong event attribute',
      { logs: [{ eventName: 'redress.success', severityText: 'DEBUG', attributes: { ...success, 'redress.event': 'retry' } }] },
      'log redress.success: redress.event is retry',
    ],
  ])('finds %s', (_, part, line) => {
    expect(violations({ ...ok, ...part })).toContain(line);
  });

  it("lets the caller's own attributes be on a call's span", () => {
    expect(violations({ ...ok, spans: [{ name: 'o', kind: 'internal', attributes: { ...call, 'app.user': 'x' }, events: [] }] })).toEqual(
      [],
    );
  });

  it('names everything that was not emitted', () => {
    const names = missing(ok);
    expect(names).toContain('metric redress.attempts');
    expect(names).toContain('metric redress.attempts retry.attempt');
    expect(names).toContain('log redress.retry');
    expect(names).not.toContain('log exception');
  });
});
