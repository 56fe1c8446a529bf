import { progress, optimizers } from 'descent-lab';
import { join } from 'node:path';
import { makeAttackTable } from './attack';
import { makeLandscapeTable } from './landscape';
import { makeNetworkTable } from './network';
import { makeVectorsTable } from './vectors';

/** Makes a table at a path; says before each row what it is about. */
type Maker = (path: string, onRow: (note: string) => void) => Promise<void>;

const tables = {
  landscape: makeLandscapeTable,
  vectors: makeVectorsTable,
  network: makeNetworkTable,
  attack: makeAttackTable,
} satisfies Record<string, Maker>;

/** The name of a table that notebook 04 reads. */
export type RaceTableName = keyof typeof tables;

/** The tables' names. */
export const raceTableNames = Object.keys(tables) as RaceTableName[];

/** Makes tables of notebook 04, each as `race-NAME.csv` in the folder. */
export async function makeRaceTables(names: readonly RaceTableName[], folder: string): Promise<void> {
  for (const name of names) {
    const total = optimizers.optimizerNames.length * (name === 'landscape' ? 4 : 1);
    const bar = progress({ label: name, total, unit: 'rows' });
    const path = join(folder, `race-${name}.csv`);
    let done = 0;
    await tables[name](path, (note) => bar.update(done++, note));
    bar.update(total);
    bar.finish(`written: ${path}`);
  }
}

export { fool, signStep, type Fooled } from './attack';
export { iterationsToSpread } from './vectors';
