import { tf } from '../tf';
import { checkPairs, meanSquaredError } from './mean-squared-error';

/** The line y = slope * x + intercept; the slope in y's unit by x's unit, the intercept in y's unit. */
export type Line = {
  /** In y's unit for each of x's. */
  slope: number;
  /** In y's unit. */
  intercept: number;
};

/** The height of the line at each x. */
export function predict(line: Line, x: readonly number[]): number[] {
  return x.map((value) => line.slope * value + line.intercept);
}

/**
 * The loss of a line on data, as `descend` wants it: the mean squared error as a function of the variables `slope` $m$
 * and `intercept` $b$, which are scalars: $\frac{1}{n} \sum_i (m x_i + b - y_i)^2$. The tensors stay the caller's.
 *
 * @example
 * const loss = losses.lineLoss(tf.tensor1d([1, 2, 3]), tf.tensor1d([2, 4, 6]));
 * const optimizer = tf.train.sgd(0.1);
 * const run = await descend({ loss, variables: { slope: 0, intercept: 0 }, optimizer, iterations: 500 });
 * console.log(run.final.slope.toFixed(2)); // => 2.00
 */
export function lineLoss(x: tf.Tensor1D, y: tf.Tensor1D) {
  checkPairs(x, y);
  return ({ slope, intercept }: { slope: tf.Tensor; intercept: tf.Tensor }): tf.Scalar =>
    tf.tidy(() => meanSquaredError(slope.mul(x).add(intercept), y));
}
