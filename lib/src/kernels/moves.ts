// Kernels that put values elsewhere and compute nothing. Given positions in place of the values, they tell where each
// came from; the gradient goes back there.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

interface Moves {
  kernelName: string;
  /** The inputs whose values are moved. */
  values: readonly string[];
  /** The others. */
  more?: readonly string[];
  /** One more input, a list of tensors. */
  list?: string;
  /** Which of several outputs the values are in. */
  output?: number;
  /** Attributes with which no value comes from elsewhere. */
  attributes?: object;
}

const moving = ({ kernelName, values, more = [], list, output = 0, attributes }: Moves): tf.GradConfig => ({
  kernelName,
  inputsToSave: [...values, ...more, ...(list ? [list] : [])],
  gradFunc: (dys, saved, given) => {
    const inputs = Object.fromEntries([...values, ...more].map((name, i) => [name, saved[i]!]));
    const listed = list && { [list]: saved.slice(values.length + more.length) };
    const nowhere = Object.fromEntries(values.map((name) => [name, tf.zerosLike(inputs[name]!).toInt()]));
    const gradient = (name: string) => (): tf.Tensor => {
      const { shape, size } = inputs[name]!;
      const positions = tf.range(1, size + 1, 1, 'int32').reshape(shape);
      const all = { ...inputs, ...listed, ...nowhere, [name]: positions } as unknown as tf.NamedTensorMap;
      const origins = [
        tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(kernelName, all, { ...given, ...attributes }),
      ].flat();
      const sums = tf.unsortedSegmentSum([dys].flat()[output]!.flatten(), origins[output]!.flatten().toInt(), size + 1);
      return sums.slice(1).reshape(shape);
    };
    return Object.fromEntries(values.map((name) => [name, gradient(name)]));
  },
});

/** The parts of a tensor, put together again; tfjs' own fails where there is one part alone. */
const parts = (kernelName: string, input: string, join: typeof tf.stack): tf.GradConfig => ({
  kernelName,
  gradFunc: (dy, _, attributes) => ({ [input]: () => join([dy].flat(), attributes['axis'] as number) }),
});

export const moves: tf.GradConfig[] = [
  parts('Unpack', 'value', tf.stack),
  parts('SplitV', 'x', tf.concat),
  moving({ kernelName: 'FlipLeftRight', values: ['image'] }),
  moving({ kernelName: 'DepthToSpace', values: ['x'] }),
  moving({ kernelName: 'Diag', values: ['x'] }),
  moving({ kernelName: 'MirrorPad', values: ['x'] }), // tfjs' own leaves out what is mirrored
  moving({ kernelName: 'StridedSlice', values: ['x'] }),
  moving({ kernelName: 'RotateWithOffset', values: ['image'], attributes: { fillValue: 0 } }),
  moving({ kernelName: 'GatherNd', values: ['params'], more: ['indices'] }),
  moving({ kernelName: 'SparseToDense', values: ['sparseValues', 'defaultValue'], more: ['sparseIndices'] }),
  moving({
    kernelName: 'RaggedGather',
    values: ['paramsDenseValues'],
    more: ['indices'],
    list: 'paramsNestedSplits',
    output: 1,
  }),
  moving({
    kernelName: 'RaggedTensorToTensor',
    values: ['values', 'defaultValue'],
    more: ['shape'],
    list: 'rowPartitionTensors',
  }),
  moving({
    kernelName: 'SparseFillEmptyRows',
    values: ['values', 'defaultValue'],
    more: ['indices', 'denseShape'],
    output: 1,
  }),
];
