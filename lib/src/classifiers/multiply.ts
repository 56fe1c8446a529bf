import { tf } from '../tf';
import { nativeRun } from '../native';

/** A multiplication by weights that are frozen. */
export interface Multiplication {
  /** x [B, n] times the weights [n, m], differentiable in x. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
  /** Frees what it keeps; the weights stay the caller's. */
  dispose(): void;
}

/**
 * Multiplies by frozen weights [n, m], quickly. tfjs takes TensorFlow's operation for batches of matrices, which needs
 * twice as long as the plain one for a few rows and many weights. And the gradient is multiplied by the weights the
 * other way round: where they lie so in memory too, that takes a half to a quarter of the time, so they are kept twice.
 */
export function multiplication(weights: tf.Tensor2D): Multiplication {
  const run = nativeRun();
  if (!run) return { apply: (x) => tf.matMul(x, weights), dispose: () => undefined };
  const turned = tf.keep(weights.transpose());
  const plain = { transpose_a: { bool: false }, transpose_b: { bool: false } };
  const product = tf.customGrad((x) => ({
    value: run('MatMul', [x as tf.Tensor, weights], plain)[0]!,
    gradFunc: (dy: tf.Tensor) => run('MatMul', [dy, turned], plain)[0]!,
  }));
  return { apply: (x) => product(x) as tf.Tensor2D, dispose: () => turned.dispose() };
}
