import { races } from 'descent-lab';
import { writeRounded } from './write-rounded';

/** Five decades, four rates in each. */
const RATES = races.decades(1e-4, 10, 4);
const STEPS = 200;
const COLUMNS = ['objective', 'optimizer', 'rate', 'loss', 'diverged'] as const;

type Row = Record<(typeof COLUMNS)[number], string | number | undefined>;

/** The final loss of every optimiser on every ground at every rate; adadelta with the epsilon of `suitableRunners`. */
export async function makeLandscapeTable(path: string, onRow: (note: string) => void): Promise<void> {
  const rows: Row[] = [];
  for (const objective of Object.values(races.objectives) as races.Objective[]) {
    for (const { optimizer, hyper } of races.suitableRunners(objective.name as keyof typeof races.objectives)) {
      onRow(`${objective.name}, ${optimizer}`);
      const options = { hyper, steps: STEPS };
      const { rates, losses, diverged } = await races.learningRateLandscape(objective, optimizer, RATES, options);
      rows.push(
        ...rates.map((rate, i) => ({
          objective: objective.name,
          optimizer,
          rate,
          loss: losses[i],
          diverged: diverged[i],
        })),
      );
    }
  }
  writeRounded(path, COLUMNS, rows);
}
