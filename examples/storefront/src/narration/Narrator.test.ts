import { storefrontScript } from '../script/storefrontScript.js';
import { Narrator } from './Narrator.js';
import { Terminal } from './Terminal.js';

/** What a narrator writes: to a pipe unless told otherwise. */
function written(
  tell: (narrator: Narrator) => void,
  stream: { readonly isTTY?: boolean; readonly columns?: number } = {},
  env: Record<string, string> = {},
): string {
  let text = '';
  tell(new Narrator(new Terminal({ ...stream, write: (piece) => (text += piece) }, env)));
  return text;
}

const places = {
  page: 'http://localhost:1',
  metrics: 'http://localhost:2/metrics',
  shop: 'http://localhost:3',
  tracesAlsoTo: undefined,
  load: true,
};
const tally = { rescued: 3, refused: 2, budgetEmpty: 1 };
const circuits = [
  { name: 'payments', state: 'open', failureRate: undefined, history: [] },
  { name: 'pricing', state: 'half_open', failureRate: undefined, history: [] },
];
const [phase, next] = storefrontScript;
const position = { phase, number: 1, next: next ?? phase, secondsIn: 0, secondsLeft: 5, cycle: 0 };

describe('Narrator', () => {
  it('says where to look', () => {
    const text = written((narrator) => narrator.welcome(places));
    for (const url of ['http://localhost:1', 'http://localhost:2/metrics', 'http://localhost:3/products/1']) {
      expect(text).toContain(url);
    }
    expect(text).not.toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
  });

  it.each([
    { load: true, says: 'The story takes a minute' },
    { load: false, says: 'Nobody asks the shop' },
  ])('says what to expect with load: $load', ({ load, says }) => {
    expect(written((narrator) => narrator.welcome({ ...places, load }))).toContain(says);
  });

  it('says where else the traces go', () => {
    const text = written((narrator) => narrator.welcome({ ...places, tracesAlsoTo: 'http://localhost:4318' }));
    expect(text).toContain('also go to http://localhost:4318 (OTEL_EXPORTER_OTLP_ENDPOINT)');
  });

  it.each([
    { wanted: 9464, got: 9465, says: 'Port 9464 is taken: the metrics endpoint is at port 9465 instead.\n' },
    { wanted: 9464, got: 9464, says: '' },
    { wanted: 0, got: 40_123, says: '' },
  ])('says that port $wanted became $got', ({ wanted, got, says }) => {
    expect(written((narrator) => narrator.portTaken('metrics endpoint', wanted, got))).toBe(says);
  });

  it('tells a phase in three lines: what, how long, and what to look at', () => {
    expect(written((narrator) => narrator.phase(position, 7)).split('\n')).toEqual([
      '',
      `1/7  ${phase.title}  (5 s, then: ${position.next.title})`,
      `     ${phase.happens}`,
      `     ${phase.watch}`,
      '',
    ]);
  });

  it('says how things stand in one line', () => {
    const line = '  3 s left | rescued 3, refused 2, no budget 1 | payments OPEN | pricing half open';
    expect(written((narrator) => narrator.status(circuits, tally, 2.1))).toBe(`${line}\n`);
  });

  it('says of each circuit when its state changes, and nothing of how it began', () => {
    const said = written((narrator) => {
      for (const state of ['closed', 'closed', 'open', 'open', 'half_open', 'closed']) {
        narrator.circuits([{ name: 'payments', state, failureRate: undefined, history: [] }]);
      }
    });
    expect(said.trim().split('\n')).toEqual([
      'The circuit payments is now OPEN.',
      '     The circuit payments is now half open.',
      '     The circuit payments is now closed.',
    ]);
  });

  it('says it in 80 columns, however long the demo has run', () => {
    const line = written((narrator) => narrator.status(circuits, { rescued: 1_234, refused: 1_234, budgetEmpty: 1_234 }, 12), {
      isTTY: true,
      columns: 80,
    });
    expect(line).toContain('no budget 1234');
    expect(line).toContain('payments OPEN');
  });

  describe('on a terminal', () => {
    const terminal = { isTTY: true, columns: 40 };
    const twice = (narrator: Narrator) => {
      narrator.status(circuits, tally, 2);
      narrator.goodbye();
    };

    it('writes over the last status, cut to the width', () => {
      const line = '  2 s left | rescued 3, refused 2, no …';
      expect(line).toHaveLength(39);
      expect(written(twice, terminal)).toBe(`\u001b[2m${line}\u001b[0m\r\u001b[2K\nThe storefront has closed.\n`);
    });

    it.each([
      { env: { NO_COLOR: '1' }, contains: '\r\u001b[2K', lacks: '\u001b[2m' },
      { env: { TERM: 'dumb' }, contains: '\n\nThe storefront', lacks: '\u001b' },
    ])('heeds $env', ({ env, contains, lacks }) => {
      const text = written(twice, terminal, env);
      expect(text).toContain(contains);
      expect(text).not.toContain(lacks);
    });
  });
});
