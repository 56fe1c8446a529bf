import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

/** The gradient of a tensor with some values replaced: none where they were, tfjs has no gradient for it. */
export const scatterGradient: tf.GradConfig = {
  kernelName: 'TensorScatterUpdate',
  inputsToSave: ['indices', 'updates'],
  gradFunc: (dy, saved) => {
    const [indices, updates] = saved as [tf.Tensor, tf.Tensor];
    return {
      tensor: () => tf.tensorScatterUpdate(dy as tf.Tensor, indices, tf.zerosLike(updates)),
      indices: () => tf.zerosLike(indices),
      updates: () => tf.gatherND(dy as tf.Tensor, indices),
    };
  },
};
