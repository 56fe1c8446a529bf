import type { tf } from '../tf';
import { lossOfNearest } from './nearest';
import type { Vectors } from './vectors';

/**
 * Minus the least angle between any two vectors, in radians: $-\min_i \alpha_i$, with each vector's nearest angle
 * $\alpha_i$. Its gradient moves the closest two apart and leaves all others where they are.
 */
export const minAngleLoss = (vectors: Vectors): tf.Scalar => minAngleVarianceLoss(vectors, { variance: 0 });

/** The weights in the loss of least angle and variance. */
export interface VarianceWeights {
  /** What the least angle counts, 0 or more. Default: 1. */
  angle?: number;
  /** What the sum of squared deviations counts, 0 or more, per radian. Default: 0.4, the article's. */
  variance?: number;
}

/**
 * Minus the least angle, plus how far each vector's nearest angle $\alpha_i$ is from the mean of those, $\bar\alpha$:
 * $-a \min_i \alpha_i + v \sum_i (\alpha_i - \bar\alpha)^2$, in radians, where `angle` is $a = 1$ and `variance`
 * $v = 0.4$. It also pulls in the vectors that are lonelier than the rest.
 */
export function minAngleVarianceLoss(vectors: Vectors, weights: VarianceWeights = {}): tf.Scalar {
  const { angle = 1, variance = 0.4 } = weights;
  return lossOfNearest(vectors, (angles) => {
    const least = angles.reduce((best, angle, i) => (angle < angles[best]! ? i : best), 0);
    const mean = angles.reduce((sum, x) => sum + x, 0) / angles.length;
    const deviations = angles.map((x) => x - mean);
    const slopes = deviations.map((deviation) => 2 * variance * deviation); // the mean's own slopes cancel
    slopes[least]! -= angle; // two vectors share the least angle: it counts at one of them
    return { value: variance * deviations.reduce((sum, d) => sum + d * d, 0) - angle * angles[least]!, slopes };
  });
}
