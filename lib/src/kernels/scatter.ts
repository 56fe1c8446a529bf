import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

/** tfjs has none for a tensor of which some values are replaced: dy, without them. */
const update: tf.GradConfig = {
  kernelName: 'TensorScatterUpdate',
  inputsToSave: ['indices', 'updates'],
  gradFunc: (dy, saved) => {
    const [indices, updates] = saved as [tf.Tensor, tf.Tensor];
    return {
      tensor: () => tf.tensorScatterUpdate(dy as tf.Tensor, indices, tf.zerosLike(updates)),
      updates: () => tf.gatherND(dy as tf.Tensor, indices),
    };
  },
};

/** Values that are added up at places: each gets back what came of its place. */
const scatter: tf.GradConfig = {
  kernelName: 'ScatterNd',
  inputsToSave: ['indices'],
  gradFunc: (dy, [indices]) => ({ updates: () => tf.gatherND(dy as tf.Tensor, indices!) }),
};

/** Sums of all up to each: tfjs' own leaves the axes exchanged where it is not the last. */
const cumsum: tf.GradConfig = {
  kernelName: 'Cumsum',
  gradFunc: (dy, _, attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as {
      axis: number;
      exclusive: boolean;
      reverse: boolean;
    };
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
  },
};

export const scatters = [update, scatter, cumsum];
