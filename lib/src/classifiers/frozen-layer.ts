import { tf } from '../tf';
import { oneDnn } from './one-dnn';
import { nativeRun, type Attribute, type NativeRun } from '../native';

/** Frees a part together with the network, and returns it. */
export type Keep = <T extends { dispose(): void }>(part: T) => T;

/** What becomes of a layer's sums. */
export type Clip = 'linear' | 'relu' | 'relu6';

/** A layer of weights that do not change any more. */
export interface FrozenLayer {
  kind: 'Dense' | 'Conv2D' | 'DepthwiseConv2D';
  /** [n, m], [height, width, n, m] or, of a depthwise convolution, [height, width, n, multiplier]. */
  kernel: tf.Tensor;
  /** One for each channel of the result. */
  bias?: tf.Tensor1D;
  clip: Clip;
  strides: [number, number];
  padding: 'valid' | 'same';
  dilationRate: [number, number];
}

/** A linear operation on frozen weights. Neither way needs anything of the other but the shape of what was given. */
interface Passes {
  forward(x: tf.Tensor): tf.Tensor;
  /** The gradient by x, from that by the result. */
  backward(dy: tf.Tensor, shape: number[]): tf.Tensor;
}

/**
 * A layer as a function, differentiable in what it gets. TensorFlow has single operations for bias, relu and relu's
 * gradient; tfjs composes them of several passes over the data, and keeps what stands between them until the gradient
 * is through. A backend without them, such as the one in plain JavaScript, gets tfjs' own. The weights are frozen:
 * training, which moves them, pays for their gradients in biasActivation.
 */
export function frozenLayer(layer: FrozenLayer, keep: Keep): (x: tf.Tensor) => tf.Tensor {
  const run = nativeRun();
  const { clip } = layer;
  const kernel = keep(layer.kernel.clone());
  const bias = layer.bias && keep(layer.bias.clone());
  if (!run) return (x) => clipped(bias ? tfjsOwn(x, kernel, layer).add(bias) : tfjsOwn(x, kernel, layer), clip);
  const passes = passesOf(run, layer, kernel, keep);
  return tf.customGrad((input, save) => {
    const x = input as tf.Tensor;
    const { shape } = x;
    const y = activate(run, passes.forward(x), bias, clip);
    (save as tf.GradSaveFunc)(clip === 'linear' ? [] : [y]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor =>
      passes.backward(saved ? run(GRADIENTS[clip], [dy, saved])[0]! : dy, shape);
    return { value: y, gradFunc };
  });
}

/** Plus a bias for each channel, then clipped, where that cannot be a part of the layer before. */
export function biasClip(bias: tf.Tensor1D | undefined, clip: Clip): (x: tf.Tensor) => tf.Tensor {
  const run = nativeRun();
  if (!run) return (x) => clipped(bias ? x.add(bias) : x, clip);
  return tf.customGrad((input, save) => {
    const y = activate(run, (input as tf.Tensor).clone(), bias, clip);
    (save as tf.GradSaveFunc)(clip === 'linear' ? [] : [y]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor =>
      saved ? run(GRADIENTS[clip], [dy, saved])[0]! : dy.clone();
    return { value: y, gradFunc };
  });
}

const OPERATIONS = { relu: 'Relu', relu6: 'Relu6' };
const GRADIENTS = { linear: '', relu: 'ReluGrad', relu6: 'Relu6Grad' };

/** Frees each tensor as soon as the next is there: memory that is still in the processor's cache serves again. */
function activate(run: NativeRun, sums: tf.Tensor, bias: tf.Tensor1D | undefined, clip: Clip): tf.Tensor {
  const then = (x: tf.Tensor, name: string, ...others: tf.Tensor[]): tf.Tensor => {
    const [y] = run(name, [x, ...others]);
    x.dispose();
    return y!;
  };
  const biased = bias ? then(sums, 'BiasAdd', bias) : sums;
  return clip === 'linear' ? biased : then(biased, OPERATIONS[clip]);
}

const clipped = (x: tf.Tensor, clip: Clip): tf.Tensor =>
  clip === 'linear' ? x : clip === 'relu' ? x.relu() : tf.relu6(x);

function tfjsOwn(x: tf.Tensor, kernel: tf.Tensor, { kind, strides, padding, dilationRate }: FrozenLayer): tf.Tensor {
  if (kind === 'Dense') return tf.matMul(x, kernel);
  const convolve = kind === 'Conv2D' ? tf.conv2d : tf.depthwiseConv2d;
  return convolve(x as tf.Tensor4D, kernel as tf.Tensor4D, strides, padding, 'NHWC', dilationRate);
}

function passesOf(run: NativeRun, layer: FrozenLayer, kernel: tf.Tensor, keep: Keep): Passes {
  if (layer.kind === 'Dense') return product(run, kernel as tf.Tensor2D, keep);
  return convolution(run, layer.kind === 'Conv2D' ? 'Conv2D' : 'DepthwiseConv2dNative', kernel, layer);
}

/**
 * tfjs takes TensorFlow's operation for batches of matrices, which needs twice as long as the plain one for a few rows
 * and many weights. And the gradient is multiplied by the weights the other way round: where they lie so in memory too,
 * that takes a half to a quarter of the time, so they are kept twice.
 */
function product(run: NativeRun, weights: tf.Tensor2D, keep: Keep): Passes {
  const turned = keep(weights.transpose<tf.Tensor2D>());
  const plain = { transpose_a: { bool: false }, transpose_b: { bool: false } };
  return {
    forward: (x) => run('MatMul', [x, weights], plain)[0]!,
    backward: (dy) => run('MatMul', [dy, turned], plain)[0]!,
  };
}

function convolution(
  run: NativeRun,
  name: 'Conv2D' | 'DepthwiseConv2dNative',
  kernel: tf.Tensor,
  { strides, padding, dilationRate }: FrozenLayer,
): Passes {
  const attributes: Record<string, Attribute> = {
    strides: { int: [1, ...strides, 1] },
    padding: { text: padding.toUpperCase() },
    data_format: { text: 'NHWC' },
    dilations: { int: [1, ...dilationRate, 1] },
  };
  const [onward, back] = [oneDnn(run, name, attributes), oneDnn(run, `${name}BackpropInput`, attributes)];
  return {
    forward: (x) => run(onward.name, [x, kernel], onward.attributes)[0]!,
    backward: (dy, shape) => run(back.name, [tf.tensor1d(shape, 'int32'), kernel, dy], back.attributes)[0]!,
  };
}
