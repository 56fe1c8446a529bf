import { tf } from '../tf';
import { nativeRun } from '../native';

/** A batch, normalised, and the mean and variance [channels] of what it was; the variance divides by n, not n - 1. */
export interface Normalised {
  y: tf.Tensor;
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
}

/**
 * Batch normalisation as in training: over all axes but the last, gamma (x - mean) / sqrt(variance + epsilon) + beta.
 * y is differentiable in x, gamma and beta; the statistics are not. With the native library the gradient is one
 * operation.
 *
 * @param x [batch, channels] or [batch, height, width, channels]; gamma and beta are [channels]
 */
export function batchNorm(x: tf.Tensor, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalised {
  const run = nativeRun();
  if (!run) {
    const { mean, variance } = tf.moments(
      x,
      x.shape.slice(0, -1).map((_, axis) => axis),
    );
    const y = tf.batchNorm(x, mean, variance, beta, gamma, epsilon);
    return { y, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
  }
  const channels = x.shape.at(-1)!;
  const count = x.size / channels;
  const attributes = { U: { type: 'float32' }, epsilon: { float: epsilon }, is_training: { bool: true } } as const;
  const none = tf.zeros([0]);
  let statistics: [tf.Tensor, tf.Tensor] | undefined;
  const y = tf.customGrad((input, scale, offset, save) => {
    const outputs = run(
      'FusedBatchNormV3',
      [input as tf.Tensor, scale as tf.Tensor, offset as tf.Tensor, none, none],
      attributes,
      6,
    );
    const [normalised, mean, unbiased, ...reserved] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
    statistics = [tf.keep(mean), tf.keep(unbiased)]; // beyond customGrad's own tidy
    (save as tf.GradSaveFunc)([input as tf.Tensor, scale as tf.Tensor, ...reserved]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      // Only its first three outputs have a meaning; the rest pads the operation's signature.
      const [dx, dScale, dOffset, ...padding] = run('FusedBatchNormGradV3', [dy, ...saved], attributes, 5);
      tf.dispose(padding);
      return [dx!, dScale!, dOffset!];
    };
    return { value: normalised, gradFunc };
  })(x.reshape([-1, ...(x.rank === 4 ? x.shape.slice(1, 3) : [1, 1]), channels]), gamma, beta);
  const [mean, unbiased] = statistics!;
  const result = {
    y: y.reshape(x.shape),
    mean: mean.clone() as tf.Tensor1D,
    variance: unbiased.mul<tf.Tensor1D>((count - 1) / count),
  };
  tf.dispose(statistics!);
  return result;
}
