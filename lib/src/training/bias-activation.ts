import { tf } from '../tf';
import { nativeRun } from '../native';

/**
 * x + bias for x [..., channels] and bias [channels], then relu if asked; differentiable in both. TensorFlow has single
 * operations for the sum and for both gradients, which tfjs composes of several passes over the activations.
 */
export function biasActivation(x: tf.Tensor, bias: tf.Tensor1D, relu: boolean): tf.Tensor {
  const run = nativeRun();
  if (!run) return relu ? x.add(bias).relu() : x.add(bias);
  return tf.customGrad((input, shift, save) => {
    const sum = run('BiasAdd', [input as tf.Tensor, shift as tf.Tensor])[0]!;
    const y = relu ? run('Relu', [sum])[0]! : sum;
    (save as tf.GradSaveFunc)(relu ? [y] : []);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const before = relu ? run('ReluGrad', [dy, saved[0]!])[0]! : dy;
      return [before, run('BiasAddGrad', [before])[0]!];
    };
    return { value: y, gradFunc };
  })(x, bias);
}
