import { tf } from '../tf';
import { meanSquaredError } from './loss';

/** The line y = slope * x + intercept; the slope in y's unit by x's unit, the intercept in y's unit. */
export type Line = {
  slope: number;
  intercept: number;
};

/** The height of the line at each x. */
export function predict(line: Line, x: readonly number[]): number[] {
  return x.map((value) => line.slope * value + line.intercept);
}

/**
 * The loss of a line on data, as `descend` wants it: a function of the variables `slope` and `intercept`.
 * The tensors stay the caller's.
 *
 * @example
 * const x = tf.tensor1d(height.values), y = tf.tensor1d(weight.values);
 * const run = await descend({ loss: lineLoss(x, y), variables: { slope: 5, intercept: 0 }, optimizer, iterations: 25 });
 */
export function lineLoss(x: tf.Tensor1D, y: tf.Tensor1D) {
  return ({ slope, intercept }: { slope: tf.Tensor; intercept: tf.Tensor }): tf.Scalar =>
    meanSquaredError(x.mul(slope).add(intercept), y);
}
