import { DescentError } from '../errors';
import { tf } from '../tf';
import { checkVectors, lengths, squaredDistances, tangent, type Vectors } from './vectors';

/**
 * A loss that depends on the vectors through the squared distances of their directions alone. `of` gives its value and
 * its slope: its derivative with respect to each pair's cosine, [..., N, N], symmetric. (|x - y|^2 = 2 - 2 cos.)
 */
function lossOfSquaredDistances(
  vectors: Vectors,
  of: (squared: tf.Tensor) => { value: tf.Tensor; slope: tf.Tensor },
): tf.Scalar {
  checkVectors(vectors);
  const gradientFunction = tf.customGrad((x, save) => {
    const size = lengths(x as tf.Tensor).maximum(1e-30);
    const units = (x as tf.Tensor).div(size);
    const { value, slope } = of(squaredDistances(units));
    (save as tf.GradSaveFunc)([units, size, slope]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [u, length, s]: tf.Tensor[]) => tangent(tf.matMul(s!, u!), u!).div(length!).mul(dy),
    };
  });
  return gradientFunction(vectors) as tf.Scalar;
}

/**
 * The Riesz energy: $\sum_{i<j} |x_i - x_j|^{-s}$, over all pairs, with the `power` $s$. With power 1 it is the
 * electric energy of equal charges (Thomson's problem, 1904); the larger the power, the more the closest pairs decide.
 * @param power above 0
 */
export function rieszEnergyLoss(vectors: Vectors, power = 1): tf.Scalar {
  if (!(power > 0)) throw new DescentError(`the power of a Riesz energy must be above 0, not ${power}`);
  return lossOfSquaredDistances(vectors, (squared) => {
    const terms = squared
      .log()
      .mul(-power / 2)
      .exp();
    return { value: terms.sum().div(2), slope: terms.div(squared).mul(power) };
  });
}

/**
 * A smooth stand-in for minus the logarithm of the least distance: $T \log \sum_{i<j} |x_i - x_j|^{-1/T}$, with the
 * temperature $T$. It is the logarithm of the Riesz energy of power 1 / temperature, scaled, and shows what becomes of
 * that energy when its power grows: as the temperature falls to 0, only the least distance counts.
 * @param temperature above 0; for R sets also one temperature for each
 */
export function smoothMinimumLoss(vectors: Vectors, temperature: number | number[]): tf.Scalar {
  const temperatures = [temperature].flat();
  if (temperatures.length !== 1 && !(vectors.rank === 3 && vectors.shape[0] === temperatures.length)) {
    throw new DescentError(
      `${temperatures.length} temperatures do not fit vectors of shape [${vectors.shape.join(', ')}]`,
    );
  }
  if (!temperatures.every((t) => t > 0)) throw new DescentError('a temperature must be above 0');
  return lossOfSquaredDistances(vectors, (squared) => {
    const t = vectors.rank === 2 ? temperatures[0]! : tf.tensor3d(temperatures, [temperatures.length, 1, 1]);
    const logs = squared.log().div(-2);
    const largest = logs.max([-2, -1], true); // subtracted before exp, so that no term overflows
    const terms = logs.sub(largest).div(t).exp();
    const total = terms.sum([-2, -1], true);
    return {
      value: total.div(2).log().mul(t).add(largest).sum(), // every pair is there twice
      slope: terms.div(squared).mul(tf.div(2, total)),
    };
  });
}
