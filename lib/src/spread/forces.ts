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
    const size = lengths(x as tf.Tensor).maximum(1e-30);
    const units = (x as tf.Tensor).div(size);
    const inverse = squaredDistances(units).rsqrt(); // 1 / |x - y|
    const squared = inverse.square();
    const weights = inverse.mul(squared);
    const pull = tf.matMul(weights, units);
    const along = pull.mul(units).sum(-1, true); // sum of w c
    const forces = units.mul(along).sub(pull);
    (save as tf.GradSaveFunc)([units, size, squared, weights, along, forces]);
    return { value: forces, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => forceGradient(dy, saved as Saved) };
  });
  return gradientFunction(vectors);
}

type Saved = [units: tf.Tensor, size: tf.Tensor, squared: tf.Tensor, weights: tf.Tensor, along: tf.Tensor, forces: tf.Tensor];

function forceGradient(dy: tf.Tensor, [units, size, squared, weights, along, forces]: Saved): tf.Tensor {
  const normal = dy.mul(units).sum(-1, true);
  const n = dy.sub(units.mul(normal)); // the part of dy that is tangent; the rest sees T turn with its vector
  const slopes = tf.matMul(n, units, false, true).mul(weights).mul(squared).mul(3);
  const gradient = n.mul(along).sub(forces.mul(normal)).sub(tf.matMul(weights, n))
    .sub(tf.matMul(slopes, units)).sub(tf.matMul(slopes, units, true, false));
  return tangent(gradient, units).div(size);
}

/**
 * The lengths of the tangent forces (see `tangentForces`), summed over the vectors: 0 where all forces balance.
 * Its gradient is a second derivative of the electric energy.
 */
export const forceLoss = (vectors: Vectors): tf.Scalar =>
  tangentForces(vectors).square().sum(-1).add(1e-20).sqrt().sum(); // a force of 0 has length 1e-10, and no NaN as slope

/**
 * The article's form of `forceLoss`, mistake included, for comparison: its sum over the stacked forces has no axis, so
 * each force's components are added up and the size of that one number stands for the force's length. It is 0 for any
 * force at a right angle to (1, 1, ... 1).
 */
export const articleForceLoss = (vectors: Vectors): tf.Scalar => tangentForces(vectors).sum(-1).abs().sum();
