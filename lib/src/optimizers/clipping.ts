import { DescentError } from '../errors';
import { tf } from '../tf';

/** How gradients are kept from being too large: at most one of Keras' three ways. */
export interface Clipping {
  /** Every element is kept between -clipvalue and clipvalue. */
  clipvalue?: number;
  /** Each gradient whose Euclidean norm is larger than this is scaled down to it. */
  clipnorm?: number;
  /** All gradients are scaled down together when their common norm is larger than this: the direction stays. */
  globalClipnorm?: number;
}

const norm = (gradient: tf.Tensor): tf.Tensor => gradient.square().sum().sqrt();

/** Every element, kept between -limit and limit. */
export const clipByValue = (gradient: tf.Tensor, limit: number): tf.Tensor => gradient.clipByValue(-limit, limit);

/** The gradient, scaled down to the Euclidean norm `limit` $c$ if its norm is larger: $g \, c / \max(|g|, c)$. */
export const clipByNorm = (gradient: tf.Tensor, limit: number): tf.Tensor =>
  gradient.mul(tf.div(limit, norm(gradient).maximum(limit)));

/** All gradients by one factor, so that their common norm is at most `limit`. */
export function clipByGlobalNorm(gradients: tf.Tensor[], limit: number): tf.Tensor[] {
  if (gradients.length === 0) return [];
  const squares = gradients.map((gradient) => gradient.square().sum()).reduce((sum, square) => sum.add(square));
  const factor = tf.div(limit, squares.sqrt().maximum(limit));
  return gradients.map((gradient) => gradient.mul(factor));
}

/** The clipping that the options ask for, as one function; undefined where they ask for none. */
export function clipping(options: Clipping): ((gradients: tf.Tensor[]) => tf.Tensor[]) | undefined {
  const asked = (['clipvalue', 'clipnorm', 'globalClipnorm'] as const).filter((name) => options[name] !== undefined);
  for (const name of asked) {
    if (!(options[name]! > 0)) throw new DescentError(`${name} must be a number above 0, not ${options[name]}`);
  }
  if (asked.length > 1) throw new DescentError(`set only one of ${asked.join(' and ')}`);
  const { clipvalue, clipnorm, globalClipnorm } = options;
  if (clipvalue !== undefined) return (gradients) => gradients.map((gradient) => clipByValue(gradient, clipvalue));
  if (clipnorm !== undefined) return (gradients) => gradients.map((gradient) => clipByNorm(gradient, clipnorm));
  if (globalClipnorm !== undefined) return (gradients) => clipByGlobalNorm(gradients, globalClipnorm);
  return undefined;
}
