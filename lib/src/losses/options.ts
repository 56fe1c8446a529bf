// The losses' options with their defaults, checked: for both forms of each loss.
import { DescentError } from '../errors';
import { shapeOf } from '../shape';
import { tf } from '../tf';
import type { Vectors } from './vectors';

/** The weights in the loss of least angle and variance. */
export interface VarianceWeights {
  /** What the least angle counts, 0 or more. Default: 1. */
  angle?: number;
  /** What the sum of squared deviations counts, 0 or more, per radian. Default: 0.4, the article's. */
  variance?: number;
}

export const weightsOf = ({ angle = 1, variance = 0.4 }: VarianceWeights = {}) => ({ angle, variance });

export function powerOf(power = 1): number {
  if (!(power > 0)) throw new DescentError(`the power of a Riesz energy must be above 0, not ${power}`);
  return power;
}

/** Above 0: a number, one for each set, or a tensor that is divided by as it is. */
export type Temperature = number | number[] | tf.Tensor;

/** One temperature, or one for each set as [R, 1, 1]. */
export function temperatureOf(temperature: Temperature, vectors: Vectors): tf.Tensor {
  if (temperature instanceof tf.Tensor) return temperature;
  const temperatures = [temperature].flat();
  if (temperatures.length !== 1 && !(vectors.rank === 3 && vectors.shape[0] === temperatures.length)) {
    throw new DescentError(`${temperatures.length} temperatures do not fit vectors of shape ${shapeOf(vectors)}`);
  }
  if (!temperatures.every((t) => t > 0)) throw new DescentError('a temperature must be above 0');
  return temperatures.length === 1
    ? tf.scalar(temperatures[0]!)
    : tf.tensor3d(temperatures, [temperatures.length, 1, 1]);
}
