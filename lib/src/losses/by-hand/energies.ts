import { tf } from '../../tf';
import type { ByHand } from '../fast';
import { powerOf, temperatureOf, type Temperature } from '../options';
import { lengths, repellingDistances, tangent, type Vectors } from '../vectors';

/**
 * A loss that depends on the vectors through the squared distances of their directions alone. `of` gives its value and
 * its slope: its derivative with respect to each pair's cosine, [..., N, N], symmetric. (|x - y|^2 = 2 - 2 cos.)
 */
function ofSquaredDistances(
  vectors: Vectors,
  of: (squared: tf.Tensor) => { value: tf.Scalar; slope: () => tf.Tensor },
): ReturnType<ByHand> {
  const size = lengths(vectors);
  const units = vectors.div(size);
  const { value, slope } = of(repellingDistances(units));
  return { value, gradient: () => tangent(tf.matMul(slope(), units), units).div(size) };
}

/** d^-s has the slope s d^-s / d^2 by the cosine. */
export const rieszEnergy: ByHand<[power?: number]> = (vectors, givenPower) => {
  const power = powerOf(givenPower);
  return ofSquaredDistances(vectors, (squared) => {
    const terms = squared
      .log()
      .mul(-power / 2)
      .exp(); // in less time than `pow`
    return { value: terms.sum().div(2), slope: () => terms.div(squared).mul(power) };
  });
};

/** The logarithm of a sum of such terms: their slopes by their sum. */
export const smoothMinimum: ByHand<[temperature: Temperature]> = (vectors, temperature) => {
  const t = temperatureOf(temperature, vectors);
  return ofSquaredDistances(vectors, (squared) => {
    const logs = squared.log().div(-2);
    const largest = logs.max([-2, -1], true); // subtracted before exp, so that no term overflows
    const terms = logs.sub(largest).div(t).exp();
    const total = terms.sum([-2, -1], true);
    return {
      value: total.div(2).log().mul(t).add(largest).sum(), // every pair is there twice
      slope: () => terms.div(squared).mul(tf.div(2, total)),
    };
  });
};
