import { tf } from '../tf';
import { checkVectors, lengths, squaredDistances, tangent, type Vectors } from './vectors';

/**
 * The force on each vector when each repels every other with (x - y) / |x - y|^3, as electric charges do; only the part
 * tangent to the sphere is kept. Of the vectors' shape.
 *
 * With w = |x - y|^-3 and c the cosine, the tangent force on x is T = sum over y of w (c x - y). A small turn of the
 * vectors changes c, and with it w by w' = 3 w / |x - y|^2; the gradient of n . T follows from that for any n.
 */
export function tangentForces(vectors: Vectors): tf.Tensor {
  checkVectors(vectors);
  const gradientFunction = tf.customGrad((x, save) => {
    const known = forcesOn(x as tf.Tensor);
    (save as tf.GradSaveFunc)(known);
    return { value: known[5], gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => forceGradient(dy, saved as Known) };
  });
  return gradientFunction(vectors);
}

/** A loss of the tangent forces; `of` gives its value and its slope, the derivative with respect to each component. */
function lossOfForces(vectors: Vectors, of: (forces: tf.Tensor) => { value: tf.Tensor; slope: tf.Tensor }): tf.Scalar {
  checkVectors(vectors);
  const gradientFunction = tf.customGrad((x, save) => {
    const known = forcesOn(x as tf.Tensor);
    const { value, slope } = of(known[5]);
    (save as tf.GradSaveFunc)([slope, ...known]);
    const gradFunc = (dy: tf.Tensor, [n, ...saved]: tf.Tensor[]): tf.Tensor =>
      forceGradient(n!, saved as Known).mul(dy);
    return { value, gradFunc };
  });
  return gradientFunction(vectors) as tf.Scalar;
}

/** What the forces and their gradient are made of. */
type Known = [
  units: tf.Tensor,
  size: tf.Tensor,
  squared: tf.Tensor,
  weights: tf.Tensor,
  along: tf.Tensor,
  forces: tf.Tensor,
];

function forcesOn(vectors: tf.Tensor): Known {
  const size = lengths(vectors).maximum(1e-30);
  const units = vectors.div(size);
  const inverse = squaredDistances(units).rsqrt(); // 1 / |x - y|
  const squared = inverse.square();
  const weights = inverse.mul(squared);
  const pull = tf.matMul(weights, units);
  const along = pull.mul(units).sum(-1, true); // sum of w c
  return [units, size, squared, weights, along, units.mul(along).sub(pull)];
}

function forceGradient(dy: tf.Tensor, [units, size, squared, weights, along, forces]: Known): tf.Tensor {
  const normal = dy.mul(units).sum(-1, true);
  const n = dy.sub(units.mul(normal)); // the part of dy that is tangent; the rest sees T turn with its vector
  const slopes = tf.matMul(n, units, false, true).mul(weights).mul(squared).mul(3);
  const gradient = n
    .mul(along)
    .sub(forces.mul(normal))
    .sub(tf.matMul(weights, n))
    .sub(tf.matMul(slopes, units))
    .sub(tf.matMul(slopes, units, true, false));
  return tangent(gradient, units).div(size);
}

/**
 * The lengths of the tangent forces, summed over the vectors: $\sum_i |T_i|$, where
 * $T_i = \sum_{j \ne i} \frac{(x_i \cdot x_j) x_i - x_j}{|x_i - x_j|^3}$ (see `tangentForces`). 0 where all forces
 * balance. Its gradient is a second derivative of the electric energy.
 */
export const forceLoss = (vectors: Vectors): tf.Scalar =>
  lossOfForces(vectors, (forces) => {
    const size = lengths(forces);
    return { value: size.sum(), slope: forces.div(size.maximum(1e-20)) }; // 0 where the force is 0
  });

/**
 * The article's form of `forceLoss`, mistake included, for comparison: $\sum_i |\sum_k T_{ik}|$. Its sum over the
 * stacked forces has no axis, so each force's components are added up and the size of that one number stands for the
 * force's length. It is 0 for any force at a right angle to (1, 1, ... 1).
 */
export const articleForceLoss = (vectors: Vectors): tf.Scalar =>
  lossOfForces(vectors, (forces) => {
    const sum = forces.sum(-1, true);
    return { value: sum.abs().sum(), slope: sum.sign().add(tf.zerosLike(forces)) }; // as wide as the forces
  });
