import { optimizerNames, type OptimizerName } from '../../descent';
import { decades, learningRateLandscape, type Landscape } from '../landscape';
import { objectives, type Objective } from '../objectives';
import { heightAt } from '../surface';
import { suitableRunners } from '../suitable-runners';
import type { Ground } from '../figures';
import { readTable, writeTable } from './csv';

/** Five decades, four rates in each. */
const RATES = decades(1e-4, 10, 4);
const STEPS = 200;
const COLUMNS = ['objective', 'optimizer', 'rate', 'loss', 'diverged'] as const;

type Row = Record<(typeof COLUMNS)[number], string | number | undefined>;

/** The final loss of every optimiser on every ground at every rate; adadelta with the epsilon of `suitableRunners`. */
export async function makeLandscapeTable(path: string, onRow: (note: string) => void): Promise<void> {
  const rows: Row[] = [];
  for (const objective of Object.values(objectives) as Objective[]) {
    for (const { optimizer, hyper } of suitableRunners(objective.name as keyof typeof objectives)) {
      onRow(`${objective.name}, ${optimizer}`);
      const options = { hyper, steps: STEPS };
      const { rates, losses, diverged } = await learningRateLandscape(objective, optimizer, RATES, options);
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
  writeTable(path, COLUMNS, rows);
}

/** The table as `landscapeFigure` wants it: grounds in the library's order, optimisers in theirs. */
export function readLandscapes(path: string): Ground[] {
  const rows = readTable(path) as Row[];
  return (Object.values(objectives) as Objective[]).map((objective) => ({
    name: objective.name,
    startLoss: heightAt(objective, objective.start),
    landscapes: optimizerNames.map((optimizer: OptimizerName): Landscape => {
      const own = rows.filter((row) => row.objective === objective.name && row.optimizer === optimizer);
      return {
        optimizer,
        rates: own.map(({ rate }) => rate as number),
        losses: own.map(({ loss }) => loss as number | undefined),
        diverged: own.map(({ diverged }) => diverged as number | undefined),
      };
    }),
  }));
}
