import { tf } from '../../tf';
import type { ByHand } from '../fast';
import { lengths, repellingDistances, tangent, type Vectors } from '../vectors';

/**
 * A loss of the tangent forces; `of` gives its value and its slope n, the derivative with respect to each component.
 *
 * With w = |x - y|^-3 and c the cosine, the tangent force on x is T = sum over y of w (c x - y). A small turn of the
 * vectors changes c, and with it w by w' = 3 w / |x - y|^2; the gradient of n . T follows from that for any n.
 */
function ofForces(
  vectors: Vectors,
  of: (forces: tf.Tensor) => { value: tf.Scalar; slope: () => tf.Tensor },
): ReturnType<ByHand> {
  const size = lengths(vectors);
  const x = vectors.div(size);
  const inverse = repellingDistances(x).rsqrt(); // 1 / |x - y|
  const inverseSquare = inverse.square();
  const w = inverse.mul(inverseSquare);
  const pull = tf.matMul(w, x);
  const along = pull.mul(x).sum(-1, true); // sum of w c
  const forces = x.mul(along).sub(pull);
  const { value, slope } = of(forces);
  const gradient = (): tf.Tensor => {
    const arrows = slope();
    const normal = arrows.mul(x).sum(-1, true);
    const n = arrows.sub(x.mul(normal)); // the part of the slope that is tangent; the rest sees T turn with its vector
    const turns = tf.matMul(n, x, false, true).mul(w).mul(inverseSquare).mul(3);
    const change = n
      .mul(along)
      .sub(forces.mul(normal))
      .sub(tf.matMul(w, n))
      .sub(tf.matMul(turns, x))
      .sub(tf.matMul(turns, x, true, false));
    return tangent(change, x).div(size);
  };
  return { value, gradient };
}

/** The slope of a force's length is its direction, and 0 where the force is 0. */
export const force: ByHand = (vectors) =>
  ofForces(vectors, (forces) => {
    const size = lengths(forces);
    return { value: size.sum(), slope: () => forces.div(size) };
  });

export const articleForce: ByHand = (vectors) =>
  ofForces(vectors, (forces) => {
    const sum = forces.sum(-1, true);
    return { value: sum.abs().sum(), slope: () => sum.sign().add(tf.zerosLike(forces)) }; // as wide as the forces
  });
