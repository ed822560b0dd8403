/** The part of a terminal, or of a pipe, that the narration needs. */
export interface TerminalStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const codes = { bold: 1, dim: 2 } as const;

/** Writes lines, and on a real terminal a last line that is written over; elsewhere plain text without colours. */
export class Terminal {
  readonly isInteractive: boolean;
  readonly #stream: TerminalStream;
  readonly #coloured: boolean;
  #statusShown = false;

  constructor(stream: TerminalStream, env: Readonly<Record<string, string | undefined>>) {
    this.#stream = stream;
    this.isInteractive = stream.isTTY === true && env['TERM'] !== 'dumb';
    this.#coloured = this.isInteractive && (env['NO_COLOR'] ?? '') === '';
  }

  line(text = ''): void {
    this.#stream.write(`${this.#wipe()}${text}\n`);
  }

  /** Shows a status in place of the last one; a line of its own where nothing can be written over. */
  status(text: string): void {
    if (!this.isInteractive) {
      return this.line(text);
    }
    const room = (this.#stream.columns ?? 80) - 1;
    this.#stream.write(`${this.#wipe()}${this.dim(text.length > room ? `${text.slice(0, room - 1)}…` : text)}`);
    this.#statusShown = true;
  }

  bold = (text: string): string => this.#paint('bold', text);
  dim = (text: string): string => this.#paint('dim', text);

  #paint(code: keyof typeof codes, text: string): string {
    return this.#coloured ? `\u001b[${codes[code]}m${text}\u001b[0m` : text;
  }

  #wipe(): string {
    const wipe = this.#statusShown ? '\r\u001b[2K' : '';
    this.#statusShown = false;
    return wipe;
  }
}
