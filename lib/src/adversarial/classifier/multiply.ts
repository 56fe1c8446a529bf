import { tf } from '../../tf';
import { nativeRun } from '../native';

/**
 * x [B, n] times weights [n, m], differentiable in x. tfjs multiplies by TensorFlow's operation for batches of matrices,
 * which takes twice as long as the plain one for a few rows and many weights. The weights are frozen.
 */
export function multiply(x: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
  const run = nativeRun();
  if (!run) return tf.matMul(x, weights);
  const product = (a: tf.Tensor, transposed: boolean): tf.Tensor => run('MatMul', [a, weights],
    { transpose_a: { bool: false }, transpose_b: { bool: transposed } })[0]!;
  return tf.customGrad((input) => ({
    value: product(input as tf.Tensor, false),
    gradFunc: (dy: tf.Tensor) => product(dy, true),
  }))(x) as tf.Tensor2D;
}
