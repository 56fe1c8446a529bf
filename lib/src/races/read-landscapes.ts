import { readTable } from '../data/read-table';
import { optimizerNames, type OptimizerName } from '../optimizers';
import type { Ground, Landscape } from './landscape';
import { objectives, type Objective } from './objectives';
import { heightAt } from './surface';

type Row = Record<'objective' | 'optimizer' | 'rate' | 'loss' | 'diverged', string | number | undefined>;

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
