// The losses of vectors, each defined in plain tensor operations, and bound to its faster form.
import { tf } from '../tf';
import * as byHand from './by-hand';
import { fast } from './fast';
import { powerOf, temperatureOf, weightsOf, type Temperature, type VarianceWeights } from './options';
import {
  checkVectors,
  lengths,
  repellingDistances,
  squaredDistances,
  tangent,
  unitVectors,
  type Vectors,
} from './vectors';

/**
 * The angle between each vector and its nearest, in radians: [N], or [R, N] for R sets.
 * $\alpha_i = \min_{j \ne i} 2 \operatorname{atan2}(|x_i - x_j|, |x_i + x_j|)$, of the vectors scaled to length 1, is
 * exact at 0 and 180 degrees too, where the cosine holds none of the angle's digits and the slope of arccos is infinite.
 *
 * The angle grows by 1 for each radian by which a vector moves away from its nearest; where the two coincide or are
 * opposite there is no such direction, and the gradient is 0.
 */
export function nearestAngles(vectors: Vectors): tf.Tensor {
  checkVectors(vectors);
  return tf.tidy(() => {
    const x = unitVectors(vectors);
    const nearest = tf.oneHot(squaredDistances(x).argMin(-1), x.shape.at(-2)!, 1, 0, 'float32');
    const y = tf.matMul(nearest, x); // the nearest of each x
    return tf
      .atan2(lengths(x.sub(y)), lengths(x.add(y)))
      .mul(2)
      .squeeze([-1]);
  });
}

/**
 * The force on each vector when each repels every other, as electric charges do; only the part tangent to the sphere is
 * kept. Of the vectors' shape. Of the vectors scaled to length 1:
 * $F_i = \sum_{j \ne i} \frac{x_i - x_j}{|x_i - x_j|^3}$ and $T_i = F_i - (F_i \cdot x_i)\, x_i$.
 */
export function tangentForces(vectors: Vectors): tf.Tensor {
  checkVectors(vectors);
  return tf.tidy(() => {
    const x = unitVectors(vectors);
    const weights = repellingDistances(x).pow(-1.5);
    const forces = x.mul(weights.sum(-1, true)).sub(tf.matMul(weights, x));
    return tangent(forces, x);
  });
}

/**
 * Minus the least angle between any two vectors, in radians: $-\min_i \alpha_i$, with each vector's nearest angle
 * $\alpha_i$ (`nearestAngles`). Its gradient moves the closest two apart and leaves all others where they are.
 * @param vectors [N, D], or R sets as [R, N, D], over which it is summed
 * @returns a scalar; `.plain` is the definition in plain operations (see `FastLoss`)
 * @function
 */
export const minAngleLoss = fast(
  (vectors: Vectors): tf.Scalar => nearestAngles(vectors).min(-1).sum<tf.Scalar>().neg(),
  byHand.minAngle,
);

/**
 * Minus the least angle, plus how far each vector's nearest angle $\alpha_i$ is from the mean of those, $\bar\alpha$:
 * $-a \min_i \alpha_i + v \sum_i (\alpha_i - \bar\alpha)^2$, in radians, where `angle` is $a = 1$ and `variance`
 * $v = 0.4$. It also pulls in the vectors that are lonelier than the rest.
 * @param vectors [N, D], or R sets as [R, N, D], over which it is summed
 * @returns a scalar; `.plain` is the definition in plain operations (see `FastLoss`)
 * @function
 */
export const minAngleVarianceLoss = fast((vectors: Vectors, weights?: VarianceWeights): tf.Scalar => {
  const { angle, variance } = weightsOf(weights);
  const angles = nearestAngles(vectors);
  const deviations = angles.sub(angles.mean(-1, true));
  return deviations.square().sum().mul(variance).sub(angles.min(-1).sum().mul(angle));
}, byHand.minAngleVariance);

/**
 * The Riesz energy: $\sum_{i<j} |x_i - x_j|^{-s}$, over all pairs, with the `power` $s$. With power 1 it is the
 * electric energy of equal charges (Thomson's problem, 1904); the larger the power, the more the closest pairs decide.
 * @param vectors [N, D], or R sets as [R, N, D], over which it is summed
 * @param power above 0
 * @returns a scalar; `.plain` is the definition in plain operations (see `FastLoss`)
 * @function
 */
export const rieszEnergyLoss = fast((vectors: Vectors, power?: number): tf.Scalar => {
  const terms = repellingDistances(unitVectors(vectors)).pow(-powerOf(power) / 2);
  return terms.sum().div(2); // every pair is there twice
}, byHand.rieszEnergy);

/**
 * A smooth stand-in for minus the logarithm of the least distance: $T \log \sum_{i<j} |x_i - x_j|^{-1/T}$, with the
 * temperature $T$. It is the logarithm of the Riesz energy of power 1 / temperature, scaled, and shows what becomes of
 * that energy when its power grows: as the temperature falls to 0, only the least distance counts.
 * @param vectors [N, D], or R sets as [R, N, D], over which it is summed
 * @param temperature above 0; for R sets also one temperature for each, or a tensor [R, 1, 1], which counts as a
 * constant
 * @returns a scalar; `.plain` is the definition in plain operations (see `FastLoss`)
 * @function
 */
export const smoothMinimumLoss = fast((vectors: Vectors, temperature: Temperature): tf.Scalar => {
  const t = temperatureOf(temperature, vectors);
  const logs = repellingDistances(unitVectors(vectors)).log().div(-2);
  const sums = logs.div(t).logSumExp([-2, -1], true).sub(Math.LN2); // every pair is there twice
  return sums.mul(t).sum();
}, byHand.smoothMinimum);

/**
 * The lengths of the tangent forces, summed over the vectors: $\sum_i |T_i|$, where
 * $T_i = \sum_{j \ne i} \frac{(x_i \cdot x_j) x_i - x_j}{|x_i - x_j|^3}$. 0 where all forces
 * balance. Its gradient is a second derivative of the electric energy.
 * @param vectors [N, D], or R sets as [R, N, D], over which it is summed
 * @returns a scalar; `.plain` is the definition in plain operations (see `FastLoss`)
 * @function
 */
export const forceLoss = fast((vectors: Vectors): tf.Scalar => lengths(tangentForces(vectors)).sum(), byHand.force);

/**
 * The article's form of `forceLoss`, mistake included, for comparison: $\sum_i |\sum_k T_{ik}|$. Its sum over the
 * stacked forces has no axis, so each force's components are added up and the size of that one number stands for the
 * force's length. It is 0 for any force at a right angle to (1, 1, ... 1).
 * @param vectors [N, D], or R sets as [R, N, D], over which it is summed
 * @returns a scalar; `.plain` is the definition in plain operations (see `FastLoss`)
 * @function
 */
export const articleForceLoss = fast(
  (vectors: Vectors): tf.Scalar => tangentForces(vectors).sum(-1).abs().sum(),
  byHand.articleForce,
);
