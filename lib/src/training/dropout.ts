import { Random } from '../random';
import { tf } from '../tf';
import { nativeRun } from '../native';

/**
 * Sets each value to zero with the probability `rate` and divides the others by 1 - rate. The same seed drops the same
 * values. tfjs draws random numbers in JavaScript, one by one; here TensorFlow draws them.
 */
export function dropout(x: tf.Tensor, rate: number, seed: number): tf.Tensor {
  if (rate === 0) return x;
  const mask = tf.tidy(() =>
    draw(x.shape, seed)
      .greaterEqual(rate)
      .cast('float32')
      .mul(1 / (1 - rate)),
  );
  return x.mul(mask);
}

/** Uniform numbers from [0, 1). The seed is an input, since TensorFlow keeps a kernel for each set of attributes. */
function draw(shape: number[], seed: number): tf.Tensor {
  const run = nativeRun();
  if (!run) {
    const random = new Random(seed);
    return tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform()),
      shape,
    );
  }
  return run('StatelessRandomUniform', [tf.tensor1d(shape, 'int32'), tf.tensor1d([seed | 0, 0], 'int32')], {
    T: { type: 'int32' },
    Tseed: { type: 'int32' },
    dtype: { type: 'float32' },
  })[0]!;
}
