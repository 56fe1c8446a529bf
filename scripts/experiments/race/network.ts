import { Random, optimizers, races } from 'descent-lab';
import { atRate } from 'descent-lab/internal';
import { writeRounded } from './write-rounded';

const COLUMNS = ['optimizer', 'rate', 'loss'] as const;

/** The loss after the last step for every optimiser and rate. */
export async function makeNetworkTable(path: string, onRow: (note: string) => void): Promise<void> {
  const table = races.smallTable(new Random(1));
  const rows = [];
  for (const optimizer of optimizers.optimizerNames) {
    onRow(optimizer);
    for (const rate of races.decades(1e-4, 10, 2)) {
      const losses = await races.trainNetwork(table, { ...atRate(optimizer, rate), random: new Random(2) });
      rows.push({ optimizer, rate, loss: losses?.at(-1) });
    }
  }
  writeRounded(path, COLUMNS, rows);
}
