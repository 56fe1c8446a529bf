import { tf } from '../tf';

/** A loss on the logits [B, classes]: one number for each photo, small when class `own[b]` loses. Differentiable. */
export type PhotoLoss = (logits: tf.Tensor2D, own: readonly number[]) => tf.Tensor1D;

/** More than any logit: subtracted from a class, it takes that class out of a maximum. */
const OUT_OF_REACH = 1e9;

/** By how much each photo's class `own[b]` leads over the best of the others. */
const lead = (scores: tf.Tensor2D, own: readonly number[]): tf.Tensor1D => {
  const mine = tf.oneHot(tf.tensor1d([...own], 'int32'), scores.shape[1], 1, 0, 'float32') as tf.Tensor2D;
  const best = scores.sub(mine.mul(OUT_OF_REACH)).max<tf.Tensor1D>(1);
  return scores.mul(mine).sum<tf.Tensor1D>(1).sub(best);
};

/**
 * The lead of class `own[b]` in logits, $z_o - \max_{k \ne o} z_k$: positive while the network answers it, negative
 * once it does not. Its gradient is the difference of two logits' gradients and never saturates, however sure the
 * network is; with two classes its direction is the cross-entropy's. Shape [B].
 */
export const logitMargin: PhotoLoss = (logits, own) => lead(logits, own);

/**
 * The article's loss: the same lead in softmax probabilities. Once a probability is 1 in float32, its gradient is
 * exactly zero: here to be shown, not to be used. Shape [B].
 */
export const probabilityMargin: PhotoLoss = (logits, own) => lead(logits.softmax(), own);
