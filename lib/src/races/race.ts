import { descend, DivergenceError, type Trajectory } from '../descent';
import { hyperparameters, type OptimizerHyper, type OptimizerMaker, type OptimizerName } from '../optimizers';
import { makeOptimizer } from '../optimizers/create-optimizer';
import { DescentError } from '../errors';
import { tf } from '../tf';
import type { Objective, Point } from './objectives';

/** Who runs: an optimiser with its hyperparameters; those left out are Keras' defaults. */
export interface Runner<O extends OptimizerName | OptimizerMaker = OptimizerName | OptimizerMaker> {
  /** The optimiser's name, or one of your own. */
  optimizer: O;
  /** Its hyperparameters; those left out have their defaults. One of your own is told the learning rate alone. */
  hyper?: OptimizerHyper;
  /** What the run is called. Default: the optimiser's name, of one of your own the function's. */
  name?: string;
}

/** Who runs: a list, or optimisers by the names of their runs. */
export type Runners = readonly Runner[] | Readonly<Record<string, Runner['optimizer']>>;

/** One optimiser's run, in plain numbers. */
export interface RaceRun {
  /** The runner's name. */
  optimizer: string;
  /** All hyperparameters of the run; of one of your own the learning rate, where it has one. */
  hyper: OptimizerHyper;
  /** The updates that were made while everything was finite. */
  steps: number;
  /** The last point with a finite loss and gradient. */
  final: Point;
  /** Its loss. */
  finalLoss: number;
  /** path[0] is the start, path[k] the point after k updates. */
  path: Point[];
  /** The loss at each point of the path. */
  loss: number[];
  /** The update after which the loss or its gradient was no longer finite, if it came to that. */
  diverged?: number;
  /** Why the run ended early, if it was stopped: Ctrl-C or the signal. The race ends with it. */
  stopped?: Trajectory<{ point: number[] }>['stopped'];
}

/** Who races over which surface, and how far. */
export interface RaceOptions {
  /** The surface. */
  objective: Objective;
  /** Default: the objective's own. */
  start?: Point;
  /** Who runs. */
  runners: Runners;
  /** Updates for each runner. Default 200. */
  steps?: number;
  /** Called before each runner's run. */
  onRunner?: (name: string, index: number) => void;
  /** Stops the race when aborted. */
  signal?: AbortSignal;
  /** Whether the runs are compiled, as in `descend`. Default: 'auto'. */
  compile?: boolean | 'auto';
}

/** A runner's name: what its run is called. */
export const runnerName = ({ optimizer, name }: Runner): string =>
  name ?? (typeof optimizer === 'string' ? optimizer : optimizer.name || 'own');

const isList = (runners: Runners): runners is readonly Runner[] => Array.isArray(runners);

/**
 * Sends each optimiser down the same ground from the same start. Divergence is a result, not an error.
 *
 * @example
 * const mine = optimizers.chain(optimizers.scaleBySign(), optimizers.scaleByLearningRate(0.02));
 * const [adam, own] = await race({ objective: races.objectives.beale, runners: { adam: 'adam', mine }, steps: 100 });
 * console.log(adam.optimizer, own.optimizer, own.hyper.learningRate, own.loss.length); // => adam mine 0.02 101
 * @throws DescentError for an unknown optimiser or hyperparameter: it lists the known ones
 */
export async function race(options: RaceOptions): Promise<RaceRun[]> {
  const runs: RaceRun[] = [];
  const runners = isList(options.runners)
    ? options.runners
    : Object.entries(options.runners).map(([name, optimizer]): Runner => ({ name, optimizer }));
  for (const [index, runner] of runners.entries()) {
    options.onRunner?.(runnerName(runner), index);
    const run = await raceOne(options, runner);
    runs.push(run);
    if (run.stopped) break;
  }
  return runs;
}

async function raceOne(
  { objective, start = objective.start, steps = 200, signal, compile }: RaceOptions,
  runner: Runner,
): Promise<RaceRun> {
  const { optimizer, hyper } = runner;
  const made: tf.Optimizer & { learningRate?: unknown } = makeOptimizer(optimizer, hyper);
  const rate = typeof made.learningRate === 'number' ? { learningRate: made.learningRate } : {};
  let diverged: number | undefined;
  const { records, stopped, ...run } = await descend({
    loss: ({ point }) => objective.loss(point as tf.Tensor1D),
    variables: { point: start },
    optimizer: made,
    iterations: steps,
    record: ({ values }) => values.point as Point,
    signal,
    compile,
  }).catch((error: unknown) => {
    if (error instanceof DescentError && !(error instanceof DivergenceError)) throw objective.explain?.(error) ?? error;
    if (!(error instanceof DivergenceError)) throw error;
    diverged = error.iteration;
    return error.trajectory as Trajectory<{ point: number[] }, Point>;
  });
  const path = records.length > 0 ? records : [start];
  const loss = run.loss.slice(0, path.length);
  return {
    optimizer: runnerName(runner),
    hyper: typeof optimizer === 'string' ? hyperparameters(optimizer, hyper) : { ...rate, ...hyper },
    steps: path.length - 1,
    final: path.at(-1)!,
    finalLoss: loss.at(-1) ?? Number.NaN,
    path,
    loss,
    ...(diverged !== undefined && { diverged }),
    ...(stopped && { stopped }),
  };
}
