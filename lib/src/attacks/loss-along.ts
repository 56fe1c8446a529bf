import { tf } from '../tf';

/** A loss along a straight line. */
export interface LossAlong {
  /** How far along, in lengths of the direction. */
  places: readonly number[];
  /** The loss at each place. */
  values: number[];
  /** What the gradient says that the loss rises by, where the line begins, for each length of the direction. */
  slope: number;
}

/**
 * A loss of very many variables seen along one straight line through them, `x + t * direction`, so that it can be drawn as
 * a curve, with the slope that the gradient gives it at `x`.
 *
 * @param direction of the shape of x
 * @param places the values of t
 * @example
 * const [x, direction] = [tf.tensor1d([1, 2]), tf.tensor1d([1, 0])];
 * console.log(attacks.lossAlong((at) => at.square().sum(), x, direction, [-1, 0, 1])); // => { places: [ -1, 0, 1 ], values: [ 4, 5, 8 ], slope: 2 }
 */
export function lossAlong<X extends tf.Tensor>(
  loss: (x: X) => tf.Tensor,
  x: X,
  direction: tf.Tensor,
  places: readonly number[],
): LossAlong {
  const [slope, ...values] = tf.tidy(() => {
    const gradient = tf.grad((at) => loss(at as X).sum())(x);
    const losses = places.map((t) => loss(x.add<X>(direction.mul(t))).sum());
    return tf.stack([gradient.mul(direction).sum(), ...losses]).arraySync() as number[];
  });
  return { places, values, slope: slope! };
}
