// Gradients of gradients: of the kernels that tfjs computes the gradient of a network's layers with.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file
import { largest, LEAST, poolWindows, spaces, windows, type Windows } from './windows';

type Attributes = Record<string, unknown>;
type Tensors = Record<string, tf.Tensor>;

const run = (kernelName: string, inputs: Tensors, attributes: Attributes = {}): tf.Tensor =>
  tf.engine().runKernel<tf.Tensor>(kernelName, inputs, attributes as tf.NamedAttrMap);

/** A kernel's gradient, from its inputs by name, and the gradient by its output. */
const gradient = (
  kernelName: string,
  names: readonly string[],
  by: (dy: tf.Tensor, inputs: Tensors, attributes: Attributes) => Record<string, () => tf.Tensor>,
): tf.GradConfig => ({
  kernelName,
  inputsToSave: [...names],
  gradFunc: (dy, saved, attributes) => {
    const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i]!]));
    const none = Object.fromEntries(names.map((name) => [name, () => tf.zerosLike(inputs[name]!)]));
    return { ...none, ...by(dy as tf.Tensor, inputs, attributes) };
  },
});

/** The gradient of a layer that is linear in its input, or in each of two: the layer itself, of what comes back. */
const linear = (kernelName: string, layer: string, names: readonly string[], x = 'x'): tf.GradConfig =>
  gradient(kernelName, names, (dy, _, attributes) => ({ dy: () => run(layer, { [x]: dy }, attributes) }));

const ofConvolution = (layer: string, byInput: string, byFilter: string): tf.GradConfig[] => [
  gradient(byInput, ['dy', 'filter'], (dx, { dy, filter }, attributes) => ({
    dy: () => run(layer, { x: dx, filter: filter! }, { dilations: 1, ...attributes }),
    filter: () => run(byFilter, { x: dx, dy: dy! }, { ...attributes, filterShape: filter!.shape }),
  })),
  gradient(byFilter, ['x', 'dy'], (filter, { x, dy }, attributes) => ({
    x: () => run(byInput, { dy: dy!, filter }, { ...attributes, inputShape: x!.shape }),
    dy: () => run(layer, { x: x!, filter }, { dilations: 1, ...attributes }),
  })),
];

const ofMaxPool = (kernelName: string): tf.GradConfig =>
  gradient(kernelName, ['dy', 'input', 'output'], (dx, { input }, attributes) => ({
    dy: () => {
      const look = poolWindows(input!, attributes as never);
      return windows(dx, look)
        .mul(largest(windows(input!, { ...look, fill: LEAST })))
        .sum(0);
    },
  }));

function dilated(
  { x, filter }: Tensors,
  { strides, pad, dilations }: Attributes,
): { look: Windows; places: tf.Tensor } {
  const info = tf.backend_util.computeDilation2DInfo(
    x!.shape as never,
    filter!.shape as never,
    strides as number,
    pad as 'same',
    'NHWC',
    dilations as number,
  );
  const look = { ...spaces(info), fill: 0 };
  const [height, width, depth] = filter!.shape as [number, number, number];
  const added = filter!.reshape([height * width, 1, 1, 1, depth]);
  return { look, places: largest(windows(x!, { ...look, fill: LEAST }).add(added)) };
}

export const secondGradients: tf.GradConfig[] = [
  ...ofConvolution('Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'),
  ...ofConvolution('Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'),
  ...ofConvolution(
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ),
  linear('AvgPoolGrad', 'AvgPool', ['dy', 'input']),
  linear('AvgPool3DGrad', 'AvgPool3D', ['dy', 'input']),
  gradient('ResizeBilinearGrad', ['dy', 'images'], (dx, { dy }, attributes) => ({
    dy: () => run('ResizeBilinear', { images: dx }, { ...attributes, size: dy!.shape.slice(1, 3) }),
  })),
  gradient('ResizeNearestNeighborGrad', ['dy', 'images'], (dx, { dy }, attributes) => ({
    dy: () => run('ResizeNearestNeighbor', { images: dx }, { ...attributes, size: dy!.shape.slice(1, 3) }),
  })),
  ofMaxPool('MaxPoolGrad'),
  ofMaxPool('MaxPool3DGrad'),
  gradient('Dilation2DBackpropInput', ['x', 'filter', 'dy'], (dx, inputs, attributes) => ({
    dy: () => {
      const { look, places } = dilated(inputs, attributes);
      return windows(dx, look).mul(places).sum(0);
    },
  })),
  gradient('Dilation2DBackpropFilter', ['x', 'filter', 'dy'], (dFilter, inputs, attributes) => ({
    dy: () => dFilter.reshape([-1, 1, 1, 1, dFilter.shape[2]!]).mul(dilated(inputs, attributes).places).sum(0),
  })),
  gradient('EluGrad', ['dy', 'y'], (dx, { dy, y }) => ({
    dy: () => run('EluGrad', { dy: dx, y: y! }),
    y: () => dx.mul(dy!).mul(y!.less(0).toFloat()),
  })),
];
