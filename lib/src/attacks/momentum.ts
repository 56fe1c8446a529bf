import { tf } from '../tf';

/** The accumulated gradient of an attack, kept from step to step; the attack's to dispose. */
export interface Momentum {
  sum?: tf.Tensor4D;
}

/** Keeps the division of an all-zero gradient finite. */
const TINY = 1e-30;

/**
 * Momentum iterated FGSM's gradient: what was accumulated, times the decay, plus the new gradient, each photo's
 * brought to a mean absolute value of 1 so that steep and flat stretches count alike. Without a decay: the gradient as
 * it is.
 */
export function carryOn(momentum: Momentum, decay: number | undefined, gradient: tf.Tensor4D): tf.Tensor4D {
  if (decay === undefined) return gradient;
  const fresh = gradient.div<tf.Tensor4D>(gradient.abs().mean([1, 2, 3], true).add(TINY));
  const sum = tf.keep(momentum.sum ? momentum.sum.mul<tf.Tensor4D>(decay).add<tf.Tensor4D>(fresh) : fresh.clone());
  momentum.sum?.dispose();
  momentum.sum = sum;
  return sum;
}
