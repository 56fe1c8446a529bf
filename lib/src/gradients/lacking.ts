import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

/** tfjs has none for a tensor of which some values are replaced: dy, without them. */
const scatterGradient: tf.GradConfig = {
  kernelName: 'TensorScatterUpdate',
  inputsToSave: ['indices', 'updates'],
  gradFunc: (dy, saved) => {
    const [indices, updates] = saved as [tf.Tensor, tf.Tensor];
    return {
      tensor: () => tf.tensorScatterUpdate(dy as tf.Tensor, indices, tf.zerosLike(updates)),
      indices: () => tf.zerosLike(indices).cast('float32'),
      updates: () => tf.gatherND(dy as tf.Tensor, indices),
    };
  },
};

/**
 * tfjs multiplies dy by the saved result, which stands on its tape before the operation that makes it: the second
 * derivative is 0. From the input it is right.
 */
const expGradient: tf.GradConfig = {
  kernelName: 'Exp',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => (dy as tf.Tensor).mul(x!.exp()) }),
};

export const lackingGradients = [scatterGradient, expGradient];
