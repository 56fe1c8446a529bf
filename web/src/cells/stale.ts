// Which cells of a page no longer show what their sources make, and which have to run before another can.
import type { Analysis } from '../protocol';

/** A cell as far as that is a question. */
export interface CellState {
  source: string;
  /** What it makes and takes; undefined for what is no TypeScript. */
  names: Analysis | undefined;
  /** Its last run: what ran, the how many-th of all runs it was, and whether it went well. */
  ran?: { source: string; at: number; ok: boolean };
}

/**
 * A cell takes a name from the nearest cell above it that makes the name. It is fresh if it ran well as it stands, after
 * each of these, while they were fresh, and none of them was overtaken by another maker of that name in between; else it
 * is stale, or has never run. What a cell changes inside an object that another made is not seen.
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
    for (let cell = i; cell >= 0; cell--) {
      if (!wanted.has(cell)) continue;
      for (const { maker, name } of this.sources(cell)) {
        if (!this.isFresh(maker) || !this.isLatest(maker, name, Infinity)) wanted.add(maker);
      }
    }
    // what reads from a cell that runs again has to run again, if it is on the way
    for (let cell = 0; cell < i; cell++) {
      if (wanted.has(cell) || !this.leadsTo(cell, i)) continue;
      if (this.sources(cell).some(({ maker }) => wanted.has(maker))) wanted.add(cell);
    }
    return [...wanted].sort((one, other) => one - other);
  }

  /** From which cells a cell takes which names. */
  private sources(i: number): { maker: number; name: string }[] {
    return (this.cells[i]!.names?.uses ?? []).flatMap((name) => {
      const maker = this.cells.findLastIndex(({ names }, cell) => cell < i && names?.makes.includes(name));
      return maker < 0 ? [] : [{ maker, name }];
    });
  }

  private leadsTo(from: number, to: number): boolean {
    return this.sources(to).some(({ maker }) => maker === from || (maker > from && this.leadsTo(from, maker)));
  }

  /** Whether a maker was fresh, and the last to make a name, when something ran. */
  private stood({ maker, name }: { maker: number; name: string }, at: number): boolean {
    return this.isFresh(maker) && this.cells[maker]!.ran!.at < at && this.isLatest(maker, name, at);
  }

  private isLatest(maker: number, name: string, before: number): boolean {
    const made = this.cells[maker]!.ran?.at ?? -1;
    return !this.cells.some(
      ({ names, ran }, i) => i !== maker && ran && ran.at > made && ran.at < before && names?.makes.includes(name),
    );
  }
}
