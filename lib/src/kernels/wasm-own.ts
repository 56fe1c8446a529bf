// Kernels of the WebAssembly backend that are ours: as right as TensorFlow's own, and faster there.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file
import { poolWindows, type Pooling } from './windows';

/** What the backend has for kernels: where its tensors are, new ones, their numbers, and how many tensors share them. */
export interface WasmBackend {
  dataIdMap: { get(dataId: object): unknown };
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
  incRef(dataId: object): void;
}

/** From so many products on a matrix product is long enough for the operations around it. */
const MANY_PRODUCTS = 1e5;

/** Its own copies the numbers: of all weights of a network, whenever a gradient keeps them. */
const identity: tf.KernelFunc = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs['x']!;
  (backend as WasmBackend).incRef(dataId);
  return { dataId, shape, dtype };
};

/** Its own is quick with matrices as they lie, and far slower with a turned one: a bᵀ is taken as (b aᵀ)ᵀ. */
const batchMatMul =
  (own: tf.KernelFunc): tf.KernelFunc =>
  (call) => {
    const { a, b } = call.inputs as unknown as Record<'a' | 'b', tf.Tensor>;
    const { transposeA, transposeB } = call.attrs as unknown as Record<'transposeA' | 'transposeB', boolean>;
    const [rows, length, columns] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-2)!];
    const isOnePair = a.size === rows * length && b.size === columns * length;
    if (transposeA || !transposeB || !isOnePair || rows * length * columns < MANY_PRODUCTS) return own(call);
    const ones = Array.from({ length: Math.max(a.rank, b.rank) - 2 }, () => 1);
    return tf.tidy(() => {
      const turned = a.reshape<tf.Tensor2D>([rows, length]).transpose<tf.Tensor2D>();
      const product = b.reshape<tf.Tensor2D>([columns, length]).matMul(turned);
      return product.transpose().reshape([...ones, rows, columns]);
    });
  };

interface Convolution {
  inputShape: [number, number, number, number];
  strides: number | [number, number];
  pad: 'same' | 'valid';
}

/** Its own goes through every product by itself. With strides of 1 it is a convolution of dy with the turned filter. */
const conv2DBackpropInput =
  (own: tf.KernelFunc): tf.KernelFunc =>
  (call) => {
    const { dy, filter } = call.inputs as unknown as Record<'dy' | 'filter', tf.Tensor4D>;
    const { inputShape, strides, pad } = call.attrs as unknown as Convolution;
    const info = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad);
    if (info.strideHeight > 1 || info.strideWidth > 1) return own(call);
    const { top, bottom, left, right } = info.padInfo;
    const [height, width] = [info.filterHeight - 1, info.filterWidth - 1];
    return tf.tidy(() => {
      const padded = tf.pad(dy, [[0, 0], [height - top, height - bottom], [width - left, width - right], [0, 0]]); // prettier-ignore
      const turned = filter.reverse([0, 1]).transpose<tf.Tensor4D>([0, 1, 3, 2]);
      return tf.conv2d(padded, turned, 1, 'valid');
    });
  };

/**
 * Its own passes over windows without a positive number, and of equal ones takes the last. TensorFlow takes the first,
 * and starts with the first number there is, NaN or not.
 */
const maxPoolGrad: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, input } = inputs as unknown as Record<'dy' | 'input', tf.Tensor4D>;
  const wasm = backend as WasmBackend;
  const dx = wasm.makeOutput(input.shape, 'float32');
  // not before dx is there: the memory may have grown for it, which leaves views of it empty
  const [numbers, slopes, sums] = [
    wasm.typedArrayFromHeap(input),
    wasm.typedArrayFromHeap(dy),
    wasm.typedArrayFromHeap(dx),
  ];
  const [batch, height, width, channels] = input.shape;
  const { sizes, strides, before, out } = poolWindows(input, attrs as unknown as Pooling);
  const largest = new Int32Array(channels);
  sums.fill(0);
  let slope = 0;
  for (let picture = 0; picture < batch; picture++) {
    for (let down = 0; down < out[0]!; down++) {
      const top = down * strides[0]! - before[0]!;
      for (let across = 0; across < out[1]!; across++) {
        const left = across * strides[1]! - before[1]!;
        const [firstRow, firstColumn] = [Math.max(0, top), Math.max(0, left)];
        const first = ((picture * height + firstRow) * width + firstColumn) * channels;
        for (let channel = 0; channel < channels; channel++) largest[channel] = first + channel;
        for (let row = firstRow; row < Math.min(height, top + sizes[0]!); row++) {
          for (let column = firstColumn; column < Math.min(width, left + sizes[1]!); column++) {
            const pixel = ((picture * height + row) * width + column) * channels;
            for (let channel = 0; channel < channels; channel++) {
              if (numbers[pixel + channel]! > numbers[largest[channel]!]!) largest[channel] = pixel + channel;
            }
          }
        }
        for (let channel = 0; channel < channels; channel++) sums[largest[channel]!]! += slopes[slope++]!;
      }
    }
  }
  return dx;
};

/** Makes each kernel of ours, of the one that the backend has. */
export const ownKernels: Readonly<Record<string, (own: tf.KernelFunc) => tf.KernelFunc>> = {
  BatchMatMul: batchMatMul,
  Conv2DBackpropInput: conv2DBackpropInput,
  Identity: () => identity,
  MaxPoolGrad: () => maxPoolGrad,
};
