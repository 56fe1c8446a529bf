import { tf } from '../tf';
import { checkPairs } from './mean-squared-error';

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
 * With the errors e = slope * x + intercept - y its derivatives are mean(2 e x) and mean(2 e): one pass over the data in
 * double precision, in place of ten operations of TensorFlow.
 *
 * @example
 * const loss = lineLoss(tf.tensor1d([1, 2, 3]), tf.tensor1d([2, 4, 6]));
 * const optimizer = tf.train.sgd(0.1);
 * const run = await descend({ loss, variables: { slope: 0, intercept: 0 }, optimizer, iterations: 500 });
 * console.log(run.final.slope.toFixed(2)); // => 2.00
 */
export function lineLoss(x: tf.Tensor1D, y: tf.Tensor1D) {
  checkPairs(x, y);
  const xs = x.dataSync(),
    ys = y.dataSync();
  const loss = tf.customGrad((...variables) => {
    const [slope, intercept] = variables.slice(0, 2) as [tf.Tensor, tf.Tensor];
    const { value, bySlope, byIntercept } = errorsOf(slope.dataSync()[0]!, intercept.dataSync()[0]!, xs, ys);
    const gradFunc = (dy: tf.Tensor): tf.Tensor[] => {
      const factor = dy.dataSync()[0]!;
      return [tf.fill(slope.shape, factor * bySlope), tf.fill(intercept.shape, factor * byIntercept)];
    };
    return { value: tf.scalar(value), gradFunc };
  });
  return ({ slope, intercept }: { slope: tf.Tensor; intercept: tf.Tensor }): tf.Scalar => loss(slope, intercept);
}

/** The mean squared error of a line, and its derivatives. */
function errorsOf(slope: number, intercept: number, x: ArrayLike<number>, y: ArrayLike<number>) {
  let squares = 0,
    products = 0,
    sum = 0;
  for (let i = 0; i < x.length; i++) {
    const error = slope * x[i]! + intercept - y[i]!;
    squares += error * error;
    products += error * x[i]!;
    sum += error;
  }
  return { value: squares / x.length, bySlope: (2 * products) / x.length, byIntercept: (2 * sum) / x.length };
}
