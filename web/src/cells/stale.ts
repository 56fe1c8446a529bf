// Which cells of a page no longer show what their sources make, and which have to run before another can.
import type { Analysis } from '../protocol';

/** A cell as far as that is a question. */
export interface CellState {
  source: string;
  /** What it makes and takes; undefined for what is no TypeScript. */
  names: Analysis | undefined;
  /** Its last run: what ran and made which names, the how many-th of all runs it was, and whether it went well. */
  ran?: { source: string; makes: readonly string[]; at: number; ok: boolean };
}

/**
 * A cell takes a name from the nearest cell above it that makes the name. It is fresh if it ran well as it stands, and
 * each of these was fresh and the last that had made the name; else it is stale, or has never run. What a cell changes
 * inside an object that another made is not seen.
 */
export class Staleness {
  private readonly fresh = new Map<number, boolean>();

  constructor(private readonly cells: readonly CellState[]) {}

  /** Whether a cell shows what its source makes of the cells above it. */
  isFresh(i: number): boolean {
    const known = this.fresh.get(i);
    if (known !== undefined) return known;
    this.fresh.set(i, false);
    const { ran, source } = this.cells[i]!;
    const is =
      ran !== undefined && ran.ok && ran.source === source && this.sources(i).every((one) => this.stood(one, ran.at));
    this.fresh.set(i, is);
    return is;
  }

  /** Those that ran once and are stale, from first to last; one that failed as it stands says so itself. */
  stale(): number[] {
    return this.cells.flatMap(({ ran, source }, i) =>
      ran && (ran.ok || ran.source !== source) && !this.isFresh(i) ? [i] : [],
    );
  }

  /** The cells that have to run, in this order, for `i` to be fresh: itself too, since it was asked for. */
  needed(i: number): number[] {
    const wanted = new Set([i]);
    const add = (cell: number): void => {
      for (const source of this.sources(cell)) {
        const { maker, name } = source;
        if (maker < 0) continue;
        // one that runs now, above the reader, would be the last to make the name
        const isOvertaken = [...wanted].some((one) => one < cell && this.cells[one]!.names?.makes.includes(name));
        if (isOvertaken || !this.stood(source, Infinity)) wanted.add(maker);
      }
    };
    for (let size = 0; size < wanted.size;) {
      size = wanted.size;
      wanted.forEach(add);
      // what reads from a cell that runs again has to run again, if it is on the way
      for (let cell = 0; cell < i; cell++) {
        if (this.leadsTo(cell, i) && this.sources(cell).some(({ maker }) => wanted.has(maker))) wanted.add(cell);
      }
    }
    return [...wanted].sort((one, other) => one - other);
  }

  /** From which cells a cell takes which names; -1 for those that no cell above makes. */
  private sources(i: number): { maker: number; name: string }[] {
    return (this.cells[i]!.names?.uses ?? []).map((name) => ({
      maker: this.cells.findLastIndex(({ names }, cell) => cell < i && names?.makes.includes(name)),
      name,
    }));
  }

  private leadsTo(from: number, to: number): boolean {
    return this.sources(to).some(({ maker }) => maker === from || (maker > from && this.leadsTo(from, maker)));
  }

  /** Whether a maker is fresh, and was the last to make a name before a run. */
  private stood({ maker, name }: { maker: number; name: string }, before: number): boolean {
    return this.lastToMake(name, before) === maker && (maker < 0 || this.isFresh(maker));
  }

  /** The cell that made a name last before a run; -1 where none did. */
  private lastToMake(name: string, before: number): number {
    let [last, at] = [-1, -1];
    this.cells.forEach(({ ran }, i) => {
      if (ran && ran.at > at && ran.at < before && ran.makes.includes(name)) [last, at] = [i, ran.at];
    });
    return last;
  }
}
