import { descend, type DescendOptions, type Trajectory } from '../descent';
import type { tf } from '../tf';
import { minAngleDegrees } from './measure';
import { unitVectors } from './starts';
import { toUnitLength } from '../losses/vectors';

/** One recorded state of a spread. */
export interface SpreadRecord {
  /** N unit vectors of D numbers. */
  vectors: number[][];
  /** The least angle between any two, in degrees. */
  minAngleDegrees: number;
}

/** How one set of vectors is to be spread: its options but `start` and `loss` are those of `descend`. */
export interface SpreadOptions extends Pick<
  DescendOptions<{ vectors: number[][] }>,
  'optimizer' | 'iterations' | 'every' | 'signal' | 'onIteration' | 'compile' | 'precision'
> {
  /** Where the vectors start: N rows of D numbers; they are scaled to length 1. */
  start: number[][];
  /**
   * From vectors [N, D] to one number: a loss of this library, or your own. `iteration` is there for losses that change
   * on the way.
   */
  loss: (vectors: tf.Tensor2D, iteration: number) => tf.Tensor;
}

/**
 * Gradient descent on unit vectors: after each step every vector is put back to length 1.
 * @throws DescentError for a start that is no list of vectors; else as `descend` does
 *
 * @example
 * const run = await spread({
 *   start: spreads.randomVectors(7, 20, 3),
 *   loss: losses.minAngleLoss,
 *   optimizer: tf.train.sgd(0.01),
 *   iterations: 1200,
 * });
 * console.log(run.records.at(-1).minAngleDegrees > 30); // => true
 */
export async function spread(options: SpreadOptions): Promise<Trajectory<{ vectors: number[][] }, SpreadRecord>> {
  const { start, loss, ...rest } = options;
  return descend({
    ...rest,
    loss: ofVariables(loss),
    variables: { vectors: unitVectors(start) },
    constrain: toUnitLength,
    record: ({ values: { vectors } }) => ({ vectors, minAngleDegrees: minAngleDegrees(vectors) }),
  });
}

/**
 * The least angle that a descent ends with, in degrees, from each of several starts. An optimiser belongs to one run, so
 * `optimizer` is a function that makes one.
 *
 * @example
 * const starts = [1, 2, 3].map((seed) => spreads.randomVectors(seed, 5, 2));
 * const loss = (vectors) => losses.rieszEnergyLoss(vectors);
 * const ends = await spreads.endAngles({ starts, loss, optimizer: () => tf.train.sgd(0.05), iterations: 300 });
 * console.log(ends.map((angle) => angle.toFixed(1))); // => [ '72.0', '72.0', '72.0' ]
 */
export async function endAngles({ starts, ...options }: EndOptions): Promise<number[]> {
  const ends: number[] = [];
  for (const start of starts) {
    const { final } = await spread({ ...options, start, every: Math.max(1, options.iterations) });
    ends.push(minAngleDegrees(final.vectors));
  }
  return ends;
}

/** Several starts, and how each is spread. */
export interface EndOptions extends Omit<SpreadOptions, 'start' | 'every'> {
  /** Each as `SpreadOptions.start`. */
  starts: readonly number[][][];
}

/** A loss of the variables from one of the vectors. As many arguments as the one names, the other names. */
export const ofVariables = <V extends tf.Tensor>(
  loss: (vectors: V, iteration: number) => tf.Tensor,
): ((variables: { vectors: tf.Tensor }, iteration: number) => tf.Tensor) =>
  loss.length > 1
    ? ({ vectors }, iteration) => loss(vectors as V, iteration)
    : (...[{ vectors }, iteration]) => loss(vectors as V, iteration);
