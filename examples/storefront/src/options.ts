import { parseArgs } from 'node:util';

/** What the command line may say. */
export interface DemoOptions {
  /** Seconds after which the demo ends by itself; undefined: when it is told to. */
  readonly durationSeconds: number | undefined;
  /** How many times as fast the script is played. */
  readonly speed: number;
  readonly load: boolean;
  /** Wanted ports; when one is taken, another is used. 0 is any. */
  readonly pagePort: number;
  readonly shopPort: number;
  readonly metricsPort: number;
}

export const usage = `npm run demo -- [options]

  --duration SECONDS   end by itself
  --speed FACTOR       play the script faster (1)
  --no-load            send no requests: ask the shop yourself
  --page-port PORT     the page and its OTLP receiver (4400)
  --shop-port PORT     the storefront (4410)
  --metrics-port PORT  what Prometheus scrapes (9464)
  --help               this text

A port that is taken is replaced by a free one. 0 is any port.
OTEL_EXPORTER_OTLP_ENDPOINT sends the traces to a Jaeger too.
`;

/** Reads the command line; `help` when it asks for help. Throws an Error that names what is wrong. */
export function readOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      duration: { type: 'string' },
      speed: { type: 'string', default: '1' },
      'no-load': { type: 'boolean', default: false },
      'page-port': { type: 'string', default: '4400' },
      'shop-port': { type: 'string', default: '4410' },
      'metrics-port': { type: 'string', default: '9464' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return 'help';
  }
  return {
    durationSeconds: values.duration === undefined ? undefined : above0('--duration', values.duration),
    speed: above0('--speed', values.speed),
    load: !values['no-load'],
    pagePort: port('--page-port', values['page-port']),
    shopPort: port('--shop-port', values['shop-port']),
    metricsPort: port('--metrics-port', values['metrics-port']),
  };
}

function above0(option: string, given: string): number {
  const value = Number(given);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new Error(`${option} must be a number above 0, not ${JSON.stringify(given)}`);
  }
  return value;
}

function port(option: string, given: string): number {
  const value = Number(given);
  if (given.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new Error(`${option} must be a port from 0 to 65535, not ${JSON.stringify(given)}`);
  }
  return value;
}
