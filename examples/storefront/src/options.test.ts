import { readOptions } from './options.js';

const defaults = { durationSeconds: undefined, speed: 1, load: true, pagePort: 4400, shopPort: 4410, metricsPort: 9464 };

describe('readOptions', () => {
  it.each([
    { args: [], options: defaults },
    { args: ['--duration', '60'], options: { ...defaults, durationSeconds: 60 } },
    { args: ['--speed=2.5', '--no-load'], options: { ...defaults, speed: 2.5, load: false } },
    {
      args: ['--page-port', '0', '--shop-port', '1', '--metrics-port', '65535'],
      options: { ...defaults, pagePort: 0, shopPort: 1, metricsPort: 65_535 },
    },
    { args: ['--help', '--speed', '2'], options: 'help' },
  ])('reads $args', ({ args, options }) => {
    expect(readOptions(args)).toEqual(options);
  });

  it.each([
    { args: ['--duration', 'soon'], says: '--duration must be a number above 0, not "soon"' },
    { args: ['--duration', '0'], says: '--duration must be a number above 0, not "0"' },
    { args: ['--speed=-1'], says: '--speed must be a number above 0, not "-1"' },
    { args: ['--speed', 'Infinity'], says: '--speed must be a number above 0' },
    { args: ['--page-port', '65536'], says: '--page-port must be a port from 0 to 65535, not "65536"' },
    { args: ['--shop-port', '80.5'], says: '--shop-port must be a port' },
    { args: ['--metrics-port', ''], says: '--metrics-port must be a port' },
    { args: ['--port', '1'], says: "Unknown option '--port'" },
    { args: ['faster'], says: "Unexpected argument 'faster'" },
  ])('refuses $args', ({ args, says }) => {
    expect(() => readOptions(args)).toThrow(says);
  });
});
