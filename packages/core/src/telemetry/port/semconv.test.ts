import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CircuitState } from '../../model/CircuitState.js';
import { ErrorClass } from '../../model/ErrorClass.js';
import { EventName } from '../../model/EventName.js';
import { StopReason } from '../../model/StopReason.js';
import { SCOPE_VERSION } from '../otel/scope.js';
import { REGISTRY } from '../../testing/semconv.registry.js';
import { STOP_EVENT } from '../../model/StopReason.js';

const listedEvents = REGISTRY.events.filter((event) => !event.spanOnly).map((event) => event.name.replace('redress.', ''));

describe('semconv/redress.yaml', () => {
  it.each([
    ['error.class', Object.values(ErrorClass)],
    ['redress.event', Object.values(EventName)],
    ['redress.stop_reason', Object.values(StopReason)],
    ['circuit.state', Object.values(CircuitState)],
  ])('lists for %s the values that the model has', (attribute, values) => {
    expect([...(REGISTRY.attributes[attribute]?.members ?? [])].sort()).toEqual([...values].sort());
  });

  it('lists an event group for each event, and terminal ones for each stop reason', () => {
    expect([...listedEvents].sort()).toEqual([...Object.values(EventName)].sort());
    const terminal = REGISTRY.events.filter((event) => event.terminal).map((event) => event.name.replace('redress.', ''));
    expect([...new Set(['success', ...Object.values(STOP_EVENT)])].sort()).toEqual(terminal.sort());
  });

  it('never puts an attempt on a histogram, nor a message anywhere but in the exception event', () => {
    for (const metric of REGISTRY.metrics) {
      const attributes = [...metric.required, ...metric.conditional];
      if (metric.instrument === 'histogram') expect(attributes).not.toContain('retry.attempt');
      expect(attributes.filter((name) => name.startsWith('exception.') || name === 'redress.backoff.delay')).toEqual([]);
    }
  });

  it('has no two attributes that become one label in Prometheus', () => {
    const labels = Object.keys(REGISTRY.attributes).map((name) => name.replaceAll(/[^a-zA-Z0-9_]/g, '_'));
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('is what the constants and tables were made from', () => {
    const check = () => execFileSync(process.execPath, ['scripts/semconv.js', '--check'], { encoding: 'utf8', stdio: 'pipe' });
    expect(check).not.toThrow();
  });
});

it('the scope has the version of the package', () => {
  const { version } = JSON.parse(readFileSync('packages/core/package.json', 'utf8')) as { version: string };
  expect(SCOPE_VERSION).toBe(version);
});
