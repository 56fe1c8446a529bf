import { classicOptimizers, optimizerNames, type OptimizerName } from '../../optimizers';
import { palette, type Json } from '../chart';
import { roundNumber } from '../chart/round';
import { capital } from '../chart/words';
import { lookAmong, type Look } from '../chart/palette';
import type { Objective, Point } from '../../races/objectives';
import type { RaceRun } from '../../races/race';

/** Optimisers in the order of their colours. */
const ORDER = [...new Set([...classicOptimizers, ...optimizerNames])];

/** An optimiser's look in every figure. */
export const lookOf = (optimizer: string): Look => lookAmong(ORDER, optimizer);

/** The optimisers' names as their authors write them. */
const TITLES: Record<OptimizerName, string> = {
  sgd: 'SGD',
  momentum: 'momentum',
  nesterov: 'Nesterov',
  adagrad: 'Adagrad',
  adadelta: 'Adadelta',
  rmsprop: 'RMSprop',
  adam: 'Adam',
  amsgrad: 'AMSGrad',
  adamax: 'AdaMax',
  nadam: 'Nadam',
  adamw: 'AdamW',
  lion: 'Lion',
  ftrl: 'Ftrl',
};

/** What figures call an optimiser: one of a reader's own by its own name. */
export const optimizerTitle = (optimizer: string): string => TITLES[optimizer as OptimizerName] ?? optimizer;

/** What stands at a runner's head. */
export const labelOf = ({ optimizer, diverged }: RaceRun): string =>
  `${optimizerTitle(optimizer)}${diverged === undefined ? '' : ' (diverged)'}`;

/** `adam, 0.1`, and what became of it if it did not hold. */
export function runLabel({ optimizer, hyper, diverged }: RaceRun): string {
  const { learningRate } = hyper;
  const rate =
    typeof learningRate === 'number' ? `, ${roundNumber(learningRate)}` : learningRate ? ', by schedule' : '';
  return `${optimizer}${rate}${diverged === undefined ? '' : `, diverged at step ${diverged}`}`;
}

/** The colours of a map: the lowest is paper, which names are read on, and hills are grey. */
export const HILLS: Json = [
  [0, palette.paper],
  [1, palette.muted],
];

/** The run after k updates, or where it ended. */
export const stateAt = ({ path, loss }: RaceRun, k: number): { point: Point; loss: number; k: number } => {
  const last = Math.min(k, path.length - 1);
  return { point: path[last]!, loss: loss[last]!, k: last };
};

/** A runner arrives where its loss is less than this part of the loss that it started with. */
const ARRIVED = 0.001;

/** The finding of a race: how many got down, and who is lowest. */
export function findingOf({ name }: Objective, runs: readonly RaceRun[]): string {
  const [first] = runs;
  if (!first) return `Nobody races on ${name}`;
  const steps = Math.max(...runs.map((run) => run.steps));
  const arrived = runs.filter(({ finalLoss }) => finalLoss < ARRIVED * first.loss[0]!).length;
  const lowest = runs.reduce((a, b) => (b.finalLoss < a.finalLoss ? b : a));
  const down = arrived === runs.length ? `all ${arrived}` : `${arrived} of ${runs.length}`;
  return `${capital(name)}: after ${steps} steps ${down} are down, ${optimizerTitle(lowest.optimizer)} farthest`;
}

/** The text alternative: where each one ended. */
export function describe(runs: readonly RaceRun[]): string {
  const ends = runs.map((run) => {
    const final = run.final.map((value) => value.toPrecision(3)).join(', ');
    return `${runLabel(run)}: loss ${run.finalLoss.toPrecision(3)} at (${final})`;
  });
  return `The paths of ${runs.length} optimisers from one start. After ${Math.max(...runs.map(({ steps }) => steps))} steps: ${ends.join('; ')}.`;
}
