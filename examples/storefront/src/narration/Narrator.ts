import { circuitsOf, type Circuit } from '../figures/circuits.js';
import type { Scraper } from '../figures/Scraper.js';
import type { ScriptClock, ScriptPosition } from '../script/ScriptClock.js';
import { tallyOf, type Tally } from './tally.js';
import type { Terminal } from './Terminal.js';

/** Where the demo can be looked at. */
export interface Places {
  readonly page: string;
  readonly metrics: string;
  readonly shop: string;
  readonly tracesAlsoTo: string | undefined;
  /** Whether the demo sends requests to the shop. */
  readonly load: boolean;
}

/** Milliseconds between status lines: often where they are written over, seldom where they pile up. */
const statusEveryMs = { interactive: 1_000, plain: 10_000 };

/** Tells in the terminal what is happening, what comes next and where to look: a block per phase, and a status line. */
export class Narrator {
  readonly #terminal: Terminal;
  /** The last state told of each circuit. */
  readonly #states = new Map<string, string>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  welcome({ page, metrics, shop, tracesAlsoTo, load }: Places): void {
    this.#tell(
      '',
      this.#terminal.bold('A storefront, three upstreams with troubles of their own, and redress between them.'),
      '',
      `  ${this.#terminal.bold(`Open this:  ${page}`)}   traces, circuits and six figures, live`,
      `  metrics     ${metrics}   what a Prometheus scrapes`,
      `  shop        ${shop}/products/1   ask it yourself`,
      ...(tracesAlsoTo === undefined ? [] : [`  traces      also go to ${tracesAlsoTo} (OTEL_EXPORTER_OTLP_ENDPOINT)`]),
      '',
      load
        ? '  The story takes a minute and then begins again. Ctrl-C ends it.'
        : '  Nobody asks the shop: that is up to you. Ctrl-C ends it.',
    );
  }

  portTaken(what: string, wanted: number, got: number): void {
    if (wanted !== 0 && wanted !== got) {
      this.#tell(`Port ${wanted} is taken: the ${what} is at port ${got} instead.`);
    }
  }

  trouble(message: string): void {
    this.#tell(`OpenTelemetry: ${message}`);
  }

  /** Tells each phase when it begins, and how things stand in between, until the function given back is called. */
  follow(clock: ScriptClock, scraper: Scraper): () => void {
    let told = '';
    let statusAtMs = Number.NEGATIVE_INFINITY;
    const look = (): void => {
      const position = clock.position();
      this.circuits(circuitsOf(scraper.scrapes.slice(-1)));
      const key = `${position.cycle}/${position.number}`;
      if (key !== told) {
        told = key;
        this.phase(position, clock.script.length);
        statusAtMs = performance.now();
      } else if (performance.now() - statusAtMs >= (this.#terminal.isInteractive ? statusEveryMs.interactive : statusEveryMs.plain)) {
        statusAtMs = performance.now();
        this.status(circuitsOf(scraper.scrapes.slice(-1)), tallyOf(scraper.scrapes.at(-1)), position.secondsLeft);
      }
    };
    look();
    const timer = setInterval(look, 200);
    return () => clearInterval(timer);
  }

  phase({ phase, number, next }: ScriptPosition, of: number): void {
    const { bold, dim } = this.#terminal;
    this.#tell(
      '',
      `${bold(`${number}/${of}  ${phase.title}`)}  ${dim(`(${phase.seconds} s, then: ${next.title})`)}`,
      `     ${phase.happens}`,
      `     ${phase.watch}`,
    );
  }

  /** Tells of each circuit whose state is another than it was. */
  circuits(circuits: readonly Circuit[]): void {
    for (const { name, state } of circuits) {
      const before = this.#states.get(name);
      this.#states.set(name, state);
      if (before !== undefined && before !== state) {
        this.#tell(`     The circuit ${name} is now ${this.#terminal.bold(stateInWords(state))}.`);
      }
    }
  }

  status(circuits: readonly Circuit[], { rescued, refused, budgetEmpty }: Tally, secondsLeft: number): void {
    const states = circuits.map(({ name, state }) => `${name} ${stateInWords(state)}`);
    const counts = `rescued ${rescued}, refused ${refused}, no budget ${budgetEmpty}`;
    // A narrow terminal cuts off the end: what cannot be seen elsewhere in the line stands before it.
    this.#terminal.status(`  ${Math.max(1, Math.ceil(secondsLeft))} s left | ${[counts, ...states].join(' | ')}`);
  }

  goodbye(): void {
    this.#tell('', 'The storefront has closed.');
  }

  #tell(...lines: readonly string[]): void {
    for (const line of lines) {
      this.#terminal.line(line);
    }
  }
}

function stateInWords(state: string): string {
  return state === 'open' ? 'OPEN' : state.replace('_', ' ');
}
