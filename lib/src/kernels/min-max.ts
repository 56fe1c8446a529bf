import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

/**
 * The gradient of the largest or the least value along axes: where several values tie, they share it in equal parts, as
 * in TensorFlow in Python, `reduce_max` and `reduce_min`. tfjs hands the whole of it to each of them, so a loss over a
 * symmetric matrix, where everything is there twice, has twice its gradient; and its gradient has none itself.
 */
const sharedGradient = (kernelName: 'Max' | 'Min'): tf.GradConfig => ({
  kernelName,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attributes) => ({
    x: () => {
      const [x, y] = saved as [tf.Tensor, tf.Tensor];
      const along = attributes[kernelName === 'Max' ? 'reductionIndices' : 'axis']; // undefined: along all
      const axes = tf.util.parseAxisParam(along as number | number[], x.shape);
      const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      const ties = x.equal(y.reshape(kept)).cast('float32');
      return (dy as tf.Tensor).reshape(kept).mul(ties.div(ties.sum(axes, true)));
    },
  }),
});

export const minMaxGradients = [sharedGradient('Max'), sharedGradient('Min')];
