import { readTable } from '../data/read-table';
import { optimizerNames } from '../optimizers';

/** A row of a table: what one optimiser makes of the book's problems, each at the best of the rates that were tried; undefined where it failed. */
export type Problems = {
  /** The optimiser's name. */
  optimizer: string;
  /** Iterations until 20 vectors stand 17.9 degrees apart. */
  vectors: number | undefined;
  /** The same with the gradient clipped and a rate that falls along a cosine. */
  clipped: number | undefined;
  /** The largest change of a pixel, in 1/255, with which the network takes the running dog for a cat. */
  attack: number | undefined;
  /** The mean squared error of a small network after 300 steps. */
  network: number | undefined;
};

type Row = Record<string, string | number | undefined>;

/** The three tables that `scripts/experiments/race-tables.ts` makes, a row for each optimiser. */
export function readProblems(paths: { vectors: string; attack: string; network: string }): Problems[] {
  const [vectors, attack, network] = [paths.vectors, paths.attack, paths.network].map(
    (path) => readTable(path) as Row[],
  );
  return optimizerNames.map((optimizer) => {
    const best = (rows: Row[] | undefined, by: string, only: Row = {}): number | undefined => {
      const wanted = Object.entries({ optimizer, ...only });
      const own = rows!.filter(
        (row) => row[by] !== undefined && wanted.every(([column, value]) => row[column] === value),
      );
      return own.length === 0 ? undefined : Math.min(...own.map((row) => Number(row[by])));
    };
    return {
      optimizer,
      vectors: best(vectors, 'iterations', { treatment: 'plain' }),
      clipped: best(vectors, 'iterations', { treatment: 'clipped' }),
      attack: best(attack, 'largest', { photo: 'dog-running' }),
      network: best(network, 'loss'),
    };
  });
}
