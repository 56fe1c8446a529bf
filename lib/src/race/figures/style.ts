import type { OptimizerName } from '../../descent';
import { roundNumber, seriesColor, type JsonObject } from '../../plot';
import type { Point } from '../objectives';
import type { RaceRun } from '../race';

/** The six of the well-known animation, shown from the start; the others wait in the legend. */
export const CLASSIC: OptimizerName[] = ['sgd', 'momentum', 'nesterov', 'adagrad', 'adadelta', 'rmsprop'];

const ORDER: OptimizerName[] = [...CLASSIC, 'adam', 'amsgrad', 'adamax', 'nadam', 'adamw', 'lion', 'ftrl'];
const DASHES = ['solid', 'dot'];

/** An optimiser's line in every figure: one colour each for the first eight, the same colours dotted for the others. */
export function optimizerLine(name: OptimizerName): { color: string; dash: string } {
  const i = ORDER.indexOf(name);
  return { color: seriesColor(i), dash: DASHES[Math.floor(i / 8)]! };
}

/** `adam, rate 0.1`, and what became of it if it did not hold. */
export function runLabel({ optimizer, hyper, diverged }: RaceRun): string {
  const rate = typeof hyper.learningRate === 'number' ? String(roundNumber(hyper.learningRate)) : 'by schedule';
  return `${optimizer}, ${rate}${diverged === undefined ? '' : `, diverged at step ${diverged}`}`;
}

/** A legend beside the plot, close together: there may be thirteen. */
export const SIDE_LEGEND: JsonObject = {
  orientation: 'v', x: 1.01, xanchor: 'left', y: 1, yanchor: 'top', font: { size: 11 }, tracegroupgap: 0,
};

/** The run after k updates, or where it ended. */
export const stateAt = ({ trajectory, losses }: RaceRun, k: number): { point: Point; loss: number; k: number } => {
  const last = Math.min(k, trajectory.length - 1);
  return { point: trajectory[last]!, loss: losses[last]!, k: last };
};
