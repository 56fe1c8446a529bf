import { tf } from '../../tf';
import { defineLayer, forSides } from './define';

interface Convolution {
  filters?: number;
  kernelSize: number | number[];
  strides?: number | number[];
  padding?: 'valid' | 'same' | 'causal';
  dilationRate?: number | number[];
  depthMultiplier?: number;
  groups?: number;
  outputPadding?: number | number[] | null;
  useBias?: boolean;
}

type Pair = [number, number];

/** What a convolution is, once rows of 1-D are taken for pictures one pixel wide. */
interface Kind {
  kernels: (kernel: number[], channels: number, options: Convolution) => Record<string, number[]>;
  channels: (channels: number, options: Convolution) => number;
  length?: (input: number, kernel: number, stride: number, options: Convolution, side: number) => number;
  call: (
    x: tf.Tensor4D,
    kernels: Record<string, tf.Tensor4D>,
    how: { strides: Pair; padding: 'valid' | 'same'; dilations: Pair; sides: number; options: Convolution },
  ) => tf.Tensor;
}

const convolved: NonNullable<Kind['length']> = (input, kernel, stride, { padding }) =>
  Math.ceil((padding === 'valid' || padding === undefined ? input - kernel + 1 : input) / stride);

function defineConvolution(className: string, { kernels, channels, length = convolved, call }: Kind): void {
  defineLayer(className, {
    weights: (input, options: Convolution) => ({
      ...kernels(forSides(options.kernelSize, input.length - 1), input.at(-1)!, options),
      ...(options.useBias !== false && { bias: [channels(input.at(-1)!, options)] }),
    }),
    shape: (input, options) => {
      const sides = input.slice(0, -1);
      const [kernel, strides, rates] = [options.kernelSize, options.strides, options.dilationRate].map((each) =>
        forSides(each, sides.length),
      ) as [number[], number[], number[]];
      const spaces = sides.map((side, i) => length(side, (kernel[i]! - 1) * rates[i]! + 1, strides[i]!, options, i));
      return [...spaces, channels(input.at(-1)!, options)];
    },
    call: (x, { bias, ...weights }, options) => {
      const sides = x.rank - 2;
      // As a picture one pixel wide; TensorFlow wants strides that are alike, which make no difference there.
      const wide = <T extends tf.Tensor>(tensor: tf.Tensor, at: number): T =>
        (sides === 1 ? tensor.expandDims(at) : tensor) as T;
      const pair = (value: number | number[] | undefined): Pair => {
        const [first, second = first] = forSides(value, sides) as Pair;
        return [first, second];
      };
      const dilations = pair(options.dilationRate);
      const kernel = Object.fromEntries(
        Object.entries(weights).map(([name, weight]) => [name, wide<tf.Tensor4D>(weight, 1)]),
      );
      const causal = options.padding === 'causal';
      const before = (forSides(options.kernelSize, sides)[0]! - 1) * dilations[0];
      const padded = causal ? tf.pad(x, [[0, 0], [before, 0], [0, 0]]) : x; // prettier-ignore
      const y = call(wide<tf.Tensor4D>(padded, 2), kernel, {
        strides: pair(options.strides),
        padding: options.padding === 'same' ? 'same' : 'valid',
        dilations,
        sides,
        options,
      });
      const biased = bias ? y.add(bias) : y;
      return sides === 1 ? biased.squeeze([2]) : biased;
    },
  });
}

const depthwise: Kind = {
  kernels: (kernel, channels, { depthMultiplier = 1 }) => ({
    depthwise_kernel: [...kernel, channels, depthMultiplier],
  }),
  channels: (channels, { depthMultiplier = 1 }) => channels * depthMultiplier,
  call: (x, kernels, { strides, padding, dilations }) =>
    tf.depthwiseConv2d(x, kernels['depthwise_kernel']!, strides, padding, 'NHWC', dilations),
};
/** tfjs' own passes over the dilation. */
defineConvolution('DilatedDepthwiseConv2D', depthwise);
defineConvolution('DepthwiseConv1D', depthwise);

defineConvolution('SeparableConv1D', {
  kernels: (kernel, channels, { filters, depthMultiplier = 1 }) => ({
    depthwise_kernel: [...kernel, channels, depthMultiplier],
    pointwise_kernel: [1, channels * depthMultiplier, filters!],
  }),
  channels: (_, { filters }) => filters!,
  call: (x, kernels, { strides, padding, dilations }) => {
    const { depthwise_kernel: deep, pointwise_kernel: point } = kernels;
    const each = tf.depthwiseConv2d(x, deep!, strides, padding, 'NHWC', dilations);
    return tf.conv2d(each, point!, 1, 'valid');
  },
});

/** A convolution, of 1-D or 2-D, in which each group of filters sees its own part of the channels alone. */
defineConvolution('KerasConv', {
  kernels: (kernel, channels, { filters, groups = 1 }) => {
    if (channels % groups === 0 && filters! % groups === 0) return { kernel: [...kernel, channels / groups, filters!] };
    throw new Error(`${groups} groups divide ${channels} channels or ${filters} filters with a rest`);
  },
  channels: (_, { filters }) => filters!,
  call: (x, kernels, { strides, padding, dilations, options }) => {
    const { groups = 1 } = options;
    const parts = tf.split<tf.Tensor4D>(kernels['kernel']!, groups, 3);
    const seen = tf.split<tf.Tensor4D>(x, groups, 3);
    return tf.concat(
      parts.map((part, i) => tf.conv2d(seen[i]!, part, strides, padding, 'NHWC', dilations)),
      3,
    );
  },
});

/** How long a transposed convolution makes a side; the padding that is stated counts for each side. */
const enlarged: NonNullable<Kind['length']> = (input, kernel, stride, { padding, outputPadding }, side) => {
  if (outputPadding === undefined || outputPadding === null) {
    return input * stride + (padding === 'same' ? 0 : Math.max(kernel - stride, 0));
  }
  const cut = padding === 'same' ? 2 * Math.floor(kernel / 2) : 0;
  return (input - 1) * stride + kernel - cut + forSides(outputPadding, side + 1)[side]!;
};

const transposed: Kind = {
  kernels: (kernel, channels, { filters }) => ({ kernel: [...kernel, filters!, channels] }),
  channels: (_, { filters }) => filters!,
  length: enlarged,
  call: (x, kernels, { strides, padding, sides, options }) => {
    const kernel = kernels['kernel']!;
    const spaces = [0, 1].map((side) =>
      side < sides ? enlarged(x.shape[side + 1]!, kernel.shape[side]!, strides[side]!, options, side) : 1,
    ) as Pair;
    const shape: [number, number, number, number] = [x.shape[0], ...spaces, options.filters!];
    return tf.conv2dTranspose(x, kernel, shape, sides === 1 ? [strides[0], 1] : strides, padding);
  },
};
defineConvolution('Conv1DTranspose', transposed);
/** With output padding, which tfjs' own passes over. */
defineConvolution('KerasConv2DTranspose', transposed);
