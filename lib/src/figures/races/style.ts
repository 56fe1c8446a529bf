import { classicOptimizers, optimizerNames } from '../../optimizers';
import { baseLayout, type JsonObject } from '../chart';
import { roundNumber } from '../chart/round';
import { lookAmong, type Look } from '../chart/palette';
import type { Point } from '../../races/objectives';
import type { RaceRun } from '../../races/race';

/** Optimisers in the order of their colours. */
const ORDER = [...new Set([...classicOptimizers, ...optimizerNames])];

/** An optimiser's look in every figure. */
export const lookOf = (optimizer: string): Look => lookAmong(ORDER, optimizer);

/** `adam, rate 0.1`, and what became of it if it did not hold. */
export function runLabel({ optimizer, hyper, diverged }: RaceRun): string {
  const { learningRate } = hyper;
  const rate =
    typeof learningRate === 'number' ? `, ${roundNumber(learningRate)}` : learningRate ? ', by schedule' : '';
  return `${optimizer}${rate}${diverged === undefined ? '' : `, diverged at step ${diverged}`}`;
}

/** Marks of one run: the legend hides and shows them together. */
export const sharedBy = (run: RaceRun, shown?: readonly string[]) => ({
  name: runLabel(run),
  group: run.optimizer,
  extra: { visible: !shown || shown.includes(run.optimizer) ? true : 'legendonly' },
});

/** The layout of a race, laid over the usual one: the legend in columns between title and plot, five entries to a row. */
export function raceLegend(title: string, entries: number): JsonObject {
  const layout = baseLayout({ title, height: 500, legend: 'grouped' });
  const margin = layout['margin'] as JsonObject;
  const rows = Math.ceil(entries / 5);
  return {
    legend: { ...(layout['legend'] as JsonObject), entrywidth: 108, font: { size: 11 } },
    margin: { ...margin, t: Number(margin['t']) + 18 * (rows - 1) },
  };
}

/** The run after k updates, or where it ended. */
export const stateAt = ({ path, loss }: RaceRun, k: number): { point: Point; loss: number; k: number } => {
  const last = Math.min(k, path.length - 1);
  return { point: path[last]!, loss: loss[last]!, k: last };
};

/** The text alternative: where each one ended. */
export function describe(title: string, runs: readonly RaceRun[]): string {
  const ends = runs.map((run) => {
    const final = run.final.map((value) => value.toPrecision(3)).join(', ');
    return `${runLabel(run)}: loss ${run.finalLoss.toPrecision(3)} at (${final})`;
  });
  return `${title}. After ${Math.max(...runs.map(({ steps }) => steps))} steps: ${ends.join('; ')}.`;
}
