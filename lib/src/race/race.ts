import { descend, DivergenceError, type Trajectory } from '../descent';
import { createOptimizer, hyperparameters, type OptimizerHyper, type OptimizerName } from '../optimizers';
import { DescentError } from '../errors';
import { tf } from '../tf';
import type { Objective, Point } from './objectives';

/** Who runs: an optimiser with its hyperparameters; those left out are Keras' defaults. */
export interface Runner {
  /** The optimiser's name. */
  optimizer: OptimizerName;
  /** Its hyperparameters; those left out have their defaults. */
  hyper?: OptimizerHyper;
}

/** One optimiser's run, in plain numbers. */
export interface RaceRun {
  /** The optimiser's name. */
  optimizer: OptimizerName;
  /** All hyperparameters of the run. */
  hyper: OptimizerHyper;
  /** The updates that were made while everything was finite. */
  steps: number;
  /** The last point with a finite loss and gradient. */
  final: Point;
  /** Its loss. */
  loss: number;
  /** trajectory[0] is the start, trajectory[k] the point after k updates. */
  trajectory: Point[];
  /** The loss at each point of the trajectory. */
  losses: number[];
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
  runners: Runner[];
  /** Updates for each runner. Default 200. */
  steps?: number;
  /** Called before each runner's run. */
  onRunner?: (optimizer: OptimizerName, index: number) => void;
  /** Stops the race when aborted. */
  signal?: AbortSignal;
}

/** Sends each optimiser down the same ground from the same start. Divergence is a result, not an error. */
export async function race(options: RaceOptions): Promise<RaceRun[]> {
  const runs: RaceRun[] = [];
  for (const [index, runner] of options.runners.entries()) {
    options.onRunner?.(runner.optimizer, index);
    const run = await raceOne(options, runner);
    runs.push(run);
    if (run.stopped) break;
  }
  return runs;
}

async function raceOne(
  { objective, start = objective.start, steps = 200, signal }: RaceOptions,
  { optimizer, hyper = {} }: Runner,
): Promise<RaceRun> {
  let diverged: number | undefined;
  const { records, loss, stopped } = await descend({
    loss: ({ point }) => objective.loss(point as tf.Tensor1D),
    variables: { point: start },
    optimizer: createOptimizer(optimizer, hyper),
    iterations: steps,
    record: ({ variables }) => [...variables.point.dataSync()] as Point,
    signal,
  }).catch((error: unknown) => {
    if (error instanceof DescentError && !(error instanceof DivergenceError)) throw objective.explain?.(error) ?? error;
    if (!(error instanceof DivergenceError)) throw error;
    diverged = error.iteration;
    return error.trajectory as Trajectory<{ point: number[] }, Point>;
  });
  const trajectory = records.length > 0 ? records : [start];
  const losses = loss.slice(0, trajectory.length);
  return {
    optimizer,
    hyper: hyperparameters(optimizer, hyper),
    steps: trajectory.length - 1,
    final: trajectory.at(-1)!,
    loss: losses.at(-1) ?? Number.NaN,
    trajectory,
    losses,
    ...(diverged !== undefined && { diverged }),
    ...(stopped && { stopped }),
  };
}
