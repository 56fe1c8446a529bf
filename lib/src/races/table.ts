import { writeFileAtomically } from '../data/files';
import { csvOf } from '../data/write-csv';
import type { RaceRun } from './race';

/**
 * Writes every step of every run as a CSV file: optimizer, step, x, y, loss.
 * @throws DescentError where the file cannot be written
 */
export function writeRaceTable(path: string, runs: readonly RaceRun[]): void {
  const rows = runs.flatMap(({ optimizer, path, loss }) =>
    path.map(([x, y], step) => [optimizer, step, x, y, loss[step]]),
  );
  writeFileAtomically(path, csvOf(['optimizer', 'step', 'x', 'y', 'loss'], rows));
}
