import { tf } from '../../tf';

/** The part of tfjs-node's backend that runs a TensorFlow operation by its name. */
interface NativeBackend {
  binding: Record<'TF_ATTR_TYPE' | 'TF_ATTR_STRING' | 'TF_FLOAT', number>;
  executeSingleOutput(name: string, attributes: { name: string; type: number; value: number | string }[],
    inputs: tf.Tensor[]): tf.Tensor;
}

/**
 * relu(x + bias) for x [..., channels] and bias [channels], differentiable in x. TensorFlow has single operations for
 * the sum, and for relu's gradient; tfjs composes them of several passes over the data, which is what costs time here.
 * A backend without them, such as the one in plain JavaScript, gets tfjs' own.
 */
export function biasRelu(x: tf.Tensor, bias: tf.Tensor1D): tf.Tensor {
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  if (!backend.executeSingleOutput) return x.add(bias).relu();
  const { binding } = backend as NativeBackend;
  const run = (name: string, ...inputs: tf.Tensor[]): tf.Tensor => (backend as NativeBackend).executeSingleOutput(name,
    [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }], inputs);
  return tf.customGrad((input, save) => {
    const y = run('Relu', run('BiasAdd', input as tf.Tensor, bias));
    (save as (tensors: tf.Tensor[]) => void)([y]);
    return { value: y, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => run('ReluGrad', dy, saved[0]!) };
  })(x);
}
