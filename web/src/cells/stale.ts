// Which cells of a page no longer show what their sources make, and which have to run before another can.
import type { Analysis } from '../protocol';

/** A cell as far as that is a question. */
export interface CellState {
  source: string;
  /** What it makes and takes; undefined for what is no TypeScript. */
  names: Analysis | undefined;
}

/** A run of a cell. */
export interface Run {
  /** The cell's place among those of the page; -1 for one that is no longer there. */
  cell: number;
  /** What ran, which names that made, and whether it went well. */
  source: string;
  makes: readonly string[];
  ok: boolean;
}

/** What a cell takes, and which cell above makes it; undefined where none does. */
interface Source {
  name: string;
  maker: number | undefined;
}

/**
 * A cell takes a name from the nearest cell above it that makes the name. It is fresh if it ran well as it stands, and
 * each of these was fresh and the last that had made the name; else it is stale, or has never run. What a cell changes
 * inside an object that another made is not seen.
 */
export class Staleness {
  private readonly fresh = new Map<number, boolean>();
  /** For each cell the place of its last run among all. */
  private readonly last = new Map<number, number>();

  /** @param runs all runs since the kernel began, in their order */
  constructor(
    private readonly cells: readonly CellState[],
    private readonly runs: readonly Run[],
  ) {
    runs.forEach(({ cell }, at) => this.last.set(cell, at));
  }

  /** Whether a cell shows what its source makes of the cells above it. */
  isFresh(i: number): boolean {
    const known = this.fresh.get(i);
    if (known !== undefined) return known;
    const at = this.last.get(i) ?? -1;
    const run = this.runs[at];
    const is =
      run !== undefined &&
      run.ok &&
      run.source === this.cells[i]!.source &&
      this.sources(i).every((source) => this.stood(source, at));
    this.fresh.set(i, is);
    return is;
  }

  /** Those that ran once and are stale, from first to last; one that failed as it stands says so itself. */
  stale(): number[] {
    return this.cells.flatMap(({ source }, i) => {
      const run = this.runs[this.last.get(i) ?? -1];
      return run && (run.ok || run.source !== source) && !this.isFresh(i) ? [i] : [];
    });
  }

  /** The cells that have to run, in this order, for `i` to be fresh: itself too, since it was asked for. */
  needed(i: number): number[] {
    const wanted = new Set([i]);
    const add = (cell: number): void => {
      for (const source of this.sources(cell)) {
        const { name, maker } = source;
        if (maker === undefined) continue;
        // one that runs now, above the reader, would be the last to make the name
        const isOvertaken = [...wanted].some((one) => one < cell && this.makes(one, name));
        if (isOvertaken || !this.stood(source, Infinity)) wanted.add(maker);
      }
    };
    for (let size = 0; size < wanted.size;) {
      size = wanted.size;
      wanted.forEach(add);
      // what reads from a cell that runs again has to run again, if it is on the way
      for (let cell = 0; cell < i; cell++) {
        const isMadeAnew = this.sources(cell).some(({ maker }) => maker !== undefined && wanted.has(maker));
        if (isMadeAnew && this.leadsTo(cell, i)) wanted.add(cell);
      }
    }
    return [...wanted].sort((one, other) => one - other);
  }

  /** What a cell takes. A function may ask for what only a cell below makes: that says nothing of its own cell. */
  private sources(i: number): Source[] {
    const { uses = [], usesLater = [] } = this.cells[i]!.names ?? {};
    return uses.flatMap((name): Source[] => {
      const maker = this.cells.findLastIndex((_, cell) => cell < i && this.makes(cell, name));
      if (maker >= 0) return [{ name, maker }];
      return usesLater.includes(name) ? [] : [{ name, maker: undefined }];
    });
  }

  private makes(cell: number, name: string): boolean {
    return this.cells[cell]!.names?.makes.includes(name) ?? false;
  }

  private leadsTo(from: number, to: number): boolean {
    return this.sources(to).some(
      ({ maker }) => maker !== undefined && (maker === from || (maker > from && this.leadsTo(from, maker))),
    );
  }

  /** Whether, before a run, a name was that of its maker's last run, and that is fresh; or nobody's, where it has none. */
  private stood({ name, maker }: Source, before: number): boolean {
    const made = this.runs.findLastIndex((run, at) => at < before && run.makes.includes(name));
    if (maker === undefined) return made < 0;
    return made >= 0 && made === this.last.get(maker) && this.isFresh(maker);
  }
}
