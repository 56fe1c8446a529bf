import { tf } from '../tf';
import { nativeRun } from '../native';

/**
 * relu(x + bias) for x [..., channels] and bias [channels], differentiable in x. TensorFlow has single operations for
 * the sum, and for relu's gradient; tfjs composes them of several passes over the data, which is what costs time here.
 * A backend without them, such as the one in plain JavaScript, gets tfjs' own. The bias is frozen: training, which
 * moves it, pays for its gradient in biasActivation.
 */
export function biasRelu(x: tf.Tensor, bias: tf.Tensor1D): tf.Tensor {
  const run = nativeRun();
  if (!run) return x.add(bias).relu();
  return tf.customGrad((input, save) => {
    const sum = run('BiasAdd', [input as tf.Tensor, bias])[0]!;
    const y = run('Relu', [sum])[0]!;
    (save as tf.GradSaveFunc)([y]);
    return { value: y, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => run('ReluGrad', [dy, saved[0]!])[0]! };
  })(x);
}
