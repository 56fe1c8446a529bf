const LINE = 0x0a,
  QUOTE = 0x22;

/** One line of a CSV file. */
export interface CsvLine {
  /** Its cells as they stand there, quotes included. */
  cells: string[];
  /** Where in the text each begins. */
  starts: number[];
  /** Whether it has more cells than were asked for. */
  longer: boolean;
}

/** Goes through the lines of a CSV file, and takes for a line, for a cell and for quoted what polars does. */
export class CsvLines {
  readonly #text: string;
  readonly #separator: number;
  /** Where the next line begins. */
  at: number;

  constructor(text: string, separator: string, at = 0) {
    this.#text = text;
    this.#separator = separator.charCodeAt(0);
    this.at = at;
  }

  get ended(): boolean {
    return this.at >= this.#text.length;
  }

  /** The next line, and no more of it than `most` cells. */
  next(most = Infinity): CsvLine {
    const line: CsvLine = { cells: [], starts: [], longer: false };
    for (;;) {
      const start = this.at,
        end = this.#cellEnd();
      line.cells.push(this.#text.slice(start, end));
      line.starts.push(start);
      this.at = end + 1;
      if (end >= this.#text.length || this.#text.charCodeAt(end) === LINE) return line;
      if (line.cells.length === most) {
        line.longer = !this.ended;
        this.at = end;
        this.skip();
        return line;
      }
    }
  }

  /** Leaves a line out, and gives it as it is. A line break in quotes ends none. */
  skip(): string {
    const start = this.at;
    let quoted = false;
    while (!this.ended) {
      const code = this.#text.charCodeAt(this.at++);
      if (code === QUOTE) quoted = !quoted;
      else if (code === LINE && !quoted) return this.#text.slice(start, this.at - 1);
    }
    return this.#text.slice(start);
  }

  /** Where the cell ends that begins here. Only one that begins with a quote can have a separator in it. */
  #cellEnd(): number {
    const quotes = this.#text.charCodeAt(this.at) === QUOTE;
    let quoted = false,
      end = this.at;
    for (; end < this.#text.length; end++) {
      const code = this.#text.charCodeAt(end);
      if (code === QUOTE && quotes) quoted = !quoted;
      else if (!quoted && (code === this.#separator || code === LINE)) break;
    }
    return end;
  }
}
