import { DescentError } from '../errors';
import { shapeOf } from '../shape';
import type { tf } from '../tf';

/**
 * The mean of the squared differences, in the square of their unit: $\frac{1}{n} \sum_i (p_i - a_i)^2$.
 * @param predicted any shape but an empty one
 * @param actual the same shape: nothing is broadcast, because a row against a column would compare all with all
 */
export function meanSquaredError(predicted: tf.Tensor, actual: tf.Tensor): tf.Scalar {
  checkPairs(predicted, actual);
  return predicted.sub(actual).square().mean();
}

/** Throws an error that shows both shapes, unless there is a value for each prediction. */
export function checkPairs(predicted: tf.Tensor, actual: tf.Tensor): void {
  const [here, there] = [shapeOf(predicted), shapeOf(actual)];
  if (here !== there) throw new DescentError(`predictions of shape ${here} do not match values of shape ${there}`);
  if (predicted.size === 0) throw new DescentError('the mean squared error of no values is not defined');
}
